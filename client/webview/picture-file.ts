/** The picture as a file that looks the same without the editor: colours of the theme are written into it. */

const properties = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "opacity"] as const;
const MARGIN = 20;

/** @param size of the picture, in its own units */
export function svgText(svg: SVGSVGElement, size: { readonly width: number; readonly height: number }): string {
	const copy = svg.cloneNode(true);
	if (!(copy instanceof SVGSVGElement)) return "";
	const originals = [...svg.querySelectorAll("*")];
	for (const [i, element] of [...copy.querySelectorAll("*")].entries()) {
		const original = originals[i];
		if (original === undefined) continue;
		const style = getComputedStyle(original);
		for (const property of properties) {
			const value = style.getPropertyValue(property);
			if (value !== "" && value !== "none") element.setAttribute(property, value);
			else if (property === "fill") element.setAttribute(property, "none");
		}
		if (element.classList.contains("wide")) element.remove();
		for (const name of ["tabindex", "role", "aria-pressed", "aria-hidden", "class"]) element.removeAttribute(name);
	}
	const width = Math.ceil(size.width + 2 * MARGIN);
	const height = Math.ceil(size.height + 2 * MARGIN);
	copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
	copy.setAttribute("width", String(width));
	copy.setAttribute("height", String(height));
	copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
	copy.removeAttribute("class");
	copy.querySelector("g")?.setAttribute("transform", `translate(${MARGIN} ${MARGIN})`);
	const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
	background.setAttribute("width", "100%");
	background.setAttribute("height", "100%");
	background.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
	copy.prepend(background);
	return new XMLSerializer().serializeToString(copy);
}

/** Base64 of a PNG, twice as large as the picture so that it can be printed. */
export async function pngData(svg: string): Promise<string> {
	const image = new Image();
	const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
	try {
		await new Promise((resolve, reject) => {
			image.onload = resolve;
			image.onerror = () => reject(new Error("The picture could not be drawn"));
			image.src = url;
		});
	} finally {
		URL.revokeObjectURL(url);
	}
	const canvas = document.createElement("canvas");
	// Canvases have limits, and a host of hundreds of guests is high.
	const scale = Math.min(2, 16_000 / Math.max(image.width, image.height, 1));
	canvas.width = Math.ceil(image.width * scale);
	canvas.height = Math.ceil(image.height * scale);
	canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
	return canvas.toDataURL("image/png").replace(/^data:[^,]*,/, "");
}
