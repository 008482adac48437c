/** Zoom and pan: which part of the picture is seen. */

const MIN_SCALE = 0.05;
const MAX_SCALE = 4;
const MARGIN = 24;
/** Smaller than this no text can be read. */
const LEGIBLE = 0.75;

export class Viewport {
	readonly #svg: SVGSVGElement;
	readonly #world: SVGGElement;
	readonly #size: { readonly width: number; readonly height: number };
	/** Whether the whole picture is shown, and shall be after the page got another size. */
	#fitted = false;
	#scale = 1;
	#x = 0;
	#y = 0;

	constructor(svg: SVGSVGElement, world: SVGGElement, size: { readonly width: number; readonly height: number }) {
		this.#svg = svg;
		this.#world = world;
		this.#size = size;
		svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
		svg.addEventListener("pointerdown", (event) => this.#drag(event));
		new ResizeObserver(() => {
			if (this.#fitted) this.begin();
		}).observe(svg);
	}

	/** What a new picture of the same host shall show again. */
	get state(): readonly [scale: number, x: number, y: number, fitted: boolean] {
		return [this.#scale, this.#x, this.#y, this.#fitted];
	}

	restore(state: Viewport["state"]): void {
		if (state[3]) this.fit();
		else this.#move(state[0], state[1], state[2]);
	}

	#move(scale: number, x: number, y: number): void {
		this.#fitted = false;
		this.#scale = scale;
		this.#x = x;
		this.#y = y;
		this.#show();
	}

	/** The whole picture where it can be read so; else its beginning. */
	begin(): void {
		this.fit();
		if (this.#scale >= LEGIBLE) return;
		const { width, height } = this.#svg.getBoundingClientRect();
		const place = (room: number, size: number): number => (size * LEGIBLE + 2 * MARGIN < room ? (room - size * LEGIBLE) / 2 : MARGIN);
		this.#move(LEGIBLE, place(width, this.#size.width), place(height, this.#size.height));
	}

	/** The whole picture, no larger than life. */
	fit(): void {
		const { width, height } = this.#svg.getBoundingClientRect();
		const room = Math.min((width - 2 * MARGIN) / this.#size.width, (height - 2 * MARGIN) / this.#size.height, 1);
		const scale = Math.max(MIN_SCALE, Number.isFinite(room) ? room : 1);
		this.#move(scale, (width - this.#size.width * scale) / 2, (height - this.#size.height * scale) / 2);
		this.#fitted = true;
	}

	/** Around the middle of what is seen, or around a point of the screen. */
	zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
		const { width, height } = this.#svg.getBoundingClientRect();
		const { x, y } = at ?? { x: width / 2, y: height / 2 };
		const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, this.#scale * factor));
		const grown = scale / this.#scale;
		this.#move(scale, x - (x - this.#x) * grown, y - (y - this.#y) * grown);
	}

	pan(x: number, y: number): void {
		if (x !== 0 || y !== 0) this.#move(this.#scale, this.#x + x, this.#y + y);
	}

	/** Moves as little as is needed to see a box of the picture. */
	reveal(box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
		const { width, height } = this.#svg.getBoundingClientRect();
		const move = (start: number, size: number, room: number): number => {
			if (start < MARGIN) return MARGIN - start;
			return start + size > room - MARGIN ? Math.min(MARGIN - start, 0) || room - MARGIN - start - size : 0;
		};
		this.pan(
			move(this.#x + box.x * this.#scale, box.width * this.#scale, width),
			move(this.#y + box.y * this.#scale, box.height * this.#scale, height),
		);
	}

	/** Shows a box as a whole, in the middle where it was not seen: smaller than before where it must be. */
	contain(box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
		const { width, height } = this.#svg.getBoundingClientRect();
		const room = Math.min((width - 2 * MARGIN) / box.width, (height - 2 * MARGIN) / box.height);
		const [left, top] = [this.#x + box.x * this.#scale, this.#y + box.y * this.#scale];
		const isSeen = left >= 0 && top >= 0 && left + box.width * this.#scale <= width && top + box.height * this.#scale <= height;
		if (isSeen) return;
		const scale = Math.max(MIN_SCALE, Math.min(room, this.#scale));
		this.#move(scale, (width - box.width * scale) / 2 - box.x * scale, (height - box.height * scale) / 2 - box.y * scale);
	}

	#wheel(event: WheelEvent): void {
		event.preventDefault();
		const { left, top } = this.#svg.getBoundingClientRect();
		if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY / 200), { x: event.clientX - left, y: event.clientY - top });
		else this.pan(event.shiftKey ? -event.deltaY : -event.deltaX, event.shiftKey ? 0 : -event.deltaY);
	}

	#drag(down: PointerEvent): void {
		if (down.button !== 0 || (down.target instanceof Element && down.target.closest(".node") !== null)) return;
		const { clientX, clientY } = down;
		const [scale, x, y] = this.state;
		this.#svg.setPointerCapture(down.pointerId);
		const move = ({ clientX: nowX, clientY: nowY }: PointerEvent): void => this.#move(scale, x + nowX - clientX, y + nowY - clientY);
		const end = (): void => {
			this.#svg.removeEventListener("pointermove", move);
			this.#svg.removeEventListener("pointerup", end);
			this.#svg.removeEventListener("pointercancel", end);
		};
		this.#svg.addEventListener("pointermove", move);
		this.#svg.addEventListener("pointerup", end);
		this.#svg.addEventListener("pointercancel", end);
	}

	#show(): void {
		this.#world.setAttribute("transform", `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
	}
}
