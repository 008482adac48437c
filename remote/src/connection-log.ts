/** What happens between us and a host, for a log. No event can hold a secret: none is ever part of a command's text. */

export type LogEvent =
	| {
			readonly kind: "connecting";
			readonly name: string;
			readonly user: string;
			readonly host: string;
			readonly port: number;
			readonly through?: string;
	  }
	| { readonly kind: "host-key"; readonly name: string; readonly type: string; readonly fingerprint: string; readonly verdict: string }
	| { readonly kind: "authenticating"; readonly name: string; readonly method: string }
	| { readonly kind: "connected"; readonly name: string; readonly milliseconds: number }
	| { readonly kind: "note"; readonly name: string; readonly text: string }
	| { readonly kind: "command"; readonly name: string; readonly text: string }
	| {
			readonly kind: "ended";
			readonly name: string;
			readonly text: string;
			/** Null where it did not end by itself. */
			readonly status: number | null;
			readonly milliseconds: number;
			readonly bytes: number;
	  }
	| { readonly kind: "closed"; readonly name: string; readonly why: string };

export type Log = (event: LogEvent) => void;
