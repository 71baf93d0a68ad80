// Lets a script elsewhere find the packages that are installed here: what `npm install` beside it would do.
import { register } from "node:module";

const here = JSON.stringify(import.meta.url);
const hook = `export async function resolve(name, context, next) {
  try { return await next(name, context); } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return next(name, { ...context, parentURL: ${here} });
  }
}`;
register("data:text/javascript," + encodeURIComponent(hook));
