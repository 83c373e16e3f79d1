"""Forms of features, derived from a kind's declaration: fields, choices, computed values, what is wrong.

Pure: texts and values in, values and sentences out. :mod:`zsgis.forms` joins it to a project.
"""
