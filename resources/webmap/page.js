"use strict";

// The layers of the page in drawing order, lowest first; one canvas draws them all, so that a click reaches each.
const zsLayers = [];

/** A layer from GeoJSON whose features carry v (values as text) and s (number of their look). */
function zsLayer(data, looks, name, titles) {
    const layer = L.geoJSON(data, {
        style: (feature) => looks[feature.properties.s],
        pointToLayer: (feature, place) => L.circleMarker(place, {radius: 5}),
        onEachFeature: (feature, shape) =>
            shape.bindPopup(() => zsPopup(name, titles, feature.properties.v), {maxWidth: 360}),
    });
    zsLayers.push(layer);
    return layer;
}

/** The values of a feature as a table. Values are put in as text and never read as HTML. */
function zsPopup(name, titles, values) {
    const box = document.createElement("div");
    box.appendChild(document.createElement("b")).textContent = name;
    const table = box.appendChild(document.createElement("table"));
    values.forEach((value, number) => {
        if (value === "") return;
        const row = table.appendChild(document.createElement("tr"));
        row.appendChild(document.createElement("th")).textContent = titles[number];
        row.appendChild(document.createElement("td")).textContent = value;
    });
    return box;
}

/** A layer that is switched on again takes its old place, not the top. */
function zsKeepOrder(map) {
    map.on("overlayadd", () => zsLayers.filter((layer) => map.hasLayer(layer)).forEach((layer) => layer.bringToFront()));
}
