"""The doctor: what is wrong with a layer, told feature by feature, and what can be done about it safely.

Arrays in, findings out: nothing here reads or writes a file.
"""
