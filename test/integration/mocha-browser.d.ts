/** mocha's build for browsers, which has no types of its own. */
declare module "mocha/mocha.js" {
	import Mocha = require("mocha");
	export default Mocha;
}
