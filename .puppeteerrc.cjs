// On Linux x64 the browser comes inside an npm package; elsewhere puppeteer may download its own.
module.exports = {skipDownload: process.platform === 'linux' && process.arch === 'x64'};
