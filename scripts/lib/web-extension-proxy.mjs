// A proxy in front of VS Code's server, for an extension in the web extension host.
//
// VS Code takes a web extension under development only from the options that its server writes into the page, and
// loads it only from the page's own origin. So the proxy serves the repository under /dev and adds those options;
// everything else, WebSockets included, it passes on.
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { extname, join, normalize } from "node:path";
import { text as textOf } from "node:stream/consumers";

const mimeTypes = { ".js": "text/javascript", ".json": "application/json" };

/**
 * @param {{ serverPort: number, folder: string, tests: string }} options the port of VS Code's server; the extension's
 *	folder, absolute; the tests' file, relative to it
 * @returns {Promise<{ port: number, close: () => void }>}
 */
export async function webExtensionProxy({ serverPort, folder, tests }) {
	const proxy = createServer((incoming, response) => {
		const { pathname } = new URL(incoming.url ?? "/", "http://proxy");
		const destroy = () => response.destroy();
		if (pathname.startsWith("/dev/")) {
			serveFile(join(folder, normalize(decodeURIComponent(pathname.slice(4)))), response).catch(destroy);
			return;
		}
		const isPage = pathname === "/";
		const upstream = request(
			{
				host: "127.0.0.1",
				port: serverPort,
				path: incoming.url,
				method: incoming.method,
				headers: isPage ? { ...incoming.headers, "accept-encoding": "identity" } : incoming.headers,
			},
			(answer) => {
				if (!isPage) {
					response.writeHead(answer.statusCode ?? 502, answer.headers);
					answer.pipe(response);
					return;
				}
				const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = answer.headers;
				textOf(answer).then((html) => {
					response.writeHead(answer.statusCode ?? 502, headers).end(withDevelopmentOptions(html, incoming.headers.host ?? "", tests));
				}, destroy);
			},
		);
		upstream.on("error", destroy);
		incoming.pipe(upstream);
	});
	proxy.on("upgrade", (incoming, socket, head) => {
		const upstream = connect(serverPort, "127.0.0.1", () => {
			let text = `${incoming.method} ${incoming.url} HTTP/1.1\r\n`;
			for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
				text += `${incoming.rawHeaders[index]}: ${incoming.rawHeaders[index + 1]}\r\n`;
			}
			upstream.write(`${text}\r\n`);
			upstream.write(head);
			socket.pipe(upstream).pipe(socket);
		});
		upstream.on("error", () => socket.destroy());
		socket.on("error", () => upstream.destroy());
	});
	await new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve(undefined)));
	const address = proxy.address();
	if (address === null || typeof address === "string") throw new Error("The proxy has no port");
	return {
		port: address.port,
		close() {
			proxy.close();
			proxy.closeAllConnections();
		},
	};
}

/** @param {string} file @param {import("node:http").ServerResponse} response */
async function serveFile(file, response) {
	try {
		const content = await readFile(file);
		response.writeHead(200, { "cache-control": "no-store", "content-type": mimeTypes[extname(file)] ?? "application/octet-stream" });
		response.end(content);
	} catch {
		response.writeHead(404).end();
	}
}

/** @param {string} html @param {string} authority @param {string} tests */
function withDevelopmentOptions(html, authority, tests) {
	return html.replace(/(id="vscode-workbench-web-configuration" data-settings=")([^"]*)/, (_whole, before, escaped) => {
		const configuration = JSON.parse(escaped.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
		const place = (path) => ({ scheme: "http", authority, path });
		configuration.developmentOptions = {
			...configuration.developmentOptions,
			extensions: [place("/dev")],
			extensionTestsPath: place(`/dev/${tests}`),
		};
		return before + JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
	});
}
