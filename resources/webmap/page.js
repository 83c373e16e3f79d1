"use strict";

// The layers of the page in drawing order, lowest first; one canvas draws them all, so that a click reaches each.
const zsLayers = [];

/** A layer from GeoJSON whose features carry v (values as text) and s (number of their look). */
function zsLayer(data, looks, name, titles) {
    const layer = L.geoJSON(data, {
        style: (feature) => zsLookAt(looks[feature.properties.s], 0),
        pointToLayer: (feature, place) => L.circleMarker(place, {radius: 5}),
        onEachFeature: (feature, shape) =>
            shape.bindPopup(() => zsPopup(name, titles, feature.properties.v), {maxWidth: 360}),
    });
    layer.zsLooks = looks.some((look) => look.spans) ? looks : null;
    zsLayers.push(layer);
    return layer;
}

/** How a look is drawn at 1:denominator; what is not shown there can neither be seen nor clicked. */
function zsLookAt(look, denominator) {
    if (!look.spans) return look;
    const span = look.spans.find((each) => denominator >= each.low && (each.high === null || denominator < each.high));
    return span ? {interactive: true, ...span.look} : {interactive: false, stroke: false, fill: false};
}

/** Layers whose look depends on the scale follow the map's; a pixel counts as 1/96 inch, as in the program. */
function zsFollowScale(map) {
    const follow = () => {
        const denominator = 591658710.9 / 2 ** map.getZoom() * Math.cos(map.getCenter().lat * Math.PI / 180);
        zsLayers.filter((layer) => layer.zsLooks).forEach((layer) =>
            layer.setStyle((feature) => zsLookAt(layer.zsLooks[feature.properties.s], denominator)));
    };
    map.on("zoomend", follow);
    map.whenReady(follow);
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
