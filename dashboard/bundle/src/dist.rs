//! The finished files.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Where every address of a file begins.
const BASE: &str = "/dashboard/assets/";

/// What is built, kept in memory until all of it is there.
pub(crate) struct Dist {
    folder: PathBuf,
    compress: bool,
    files: Vec<(String, Vec<u8>)>,
}

impl Dist {
    pub(crate) fn new(folder: PathBuf, compress: bool) -> Self {
        Self { folder, compress, files: Vec::new() }
    }

    /// A file that never changes under its name, since the name says what is in it. Gives its address.
    pub(crate) fn asset(&mut self, stem: &str, extension: &str, content: Vec<u8>) -> String {
        let name = format!("{stem}-{}.{extension}", digest([content.as_slice()]));
        self.files.push((format!("assets/{name}"), content));
        format!("{BASE}{name}")
    }

    /// Files that call each other by `./name`, so that their new names say what is in all of them. Gives the addresses of the first two.
    pub(crate) fn group(&mut self, files: Vec<(String, Vec<u8>)>) -> (String, String) {
        let digest = digest(files.iter().map(|(_, content)| content.as_slice()));
        let renamed = |name: &str| {
            let (stem, extension) = name.trim_start_matches("./").rsplit_once('.').unwrap_or((name, ""));
            format!("{stem}-{digest}.{extension}")
        };
        let names: Vec<_> = files.iter().map(|(name, _)| (name.clone(), renamed(name))).collect();
        for (name, content) in files {
            let content = if name.ends_with(".js") { calling(content, &names) } else { content };
            self.files.push((format!("assets/{}", renamed(&name)), content));
        }
        let address = |index: usize| names.get(index).map(|(_, name)| format!("{BASE}{name}")).unwrap_or_default();
        (address(0), address(1))
    }

    /// The page, which has always the same name.
    pub(crate) fn page(&mut self, name: &str, text: String) {
        self.files.push((name.to_owned(), text.into_bytes()));
    }

    /// Writes everything in the place of what was there, and says how large it is.
    pub(crate) fn finish(self) -> Result<()> {
        let assets = self.folder.join("assets");
        if assets.exists() {
            fs::remove_dir_all(&assets).with_context(|| assets.display().to_string())?;
        }
        fs::create_dir_all(&assets).with_context(|| assets.display().to_string())?;
        println!("{:<44} {:>9} {:>9} {:>9}", "file", "plain", "brotli", "gzip");
        let mut sums = [0; 3];
        for (name, content) in &self.files {
            let sizes = self.write(name, content)?;
            println!("{name:<44} {:>9} {:>9} {:>9}", sizes[0], sizes[1], sizes[2]);
            sums.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size);
        }
        println!("{:<44} {:>9} {:>9} {:>9}", "in all", sums[0], sums[1], sums[2]);
        Ok(())
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<[usize; 3]> {
        let path = self.folder.join(name);
        let [brotli_path, gzip_path] = ["br", "gz"].map(|extension| self.folder.join(format!("{name}.{extension}")));
        for stale in [&brotli_path, &gzip_path] {
            if stale.exists() {
                fs::remove_file(stale)?;
            }
        }
        fs::write(&path, content).with_context(|| path.display().to_string())?;
        if !self.compress {
            return Ok([content.len(), 0, 0]);
        }
        let (brotli, gzip) = (brotli(content)?, gzip(content)?);
        fs::write(brotli_path, &brotli)?;
        fs::write(gzip_path, &gzip)?;
        Ok([content.len(), brotli.len(), gzip.len()])
    }
}

/// A script that loads others by their new names. Where a name stands for what the program imports, it stays.
fn calling(script: Vec<u8>, names: &[(String, String)]) -> Vec<u8> {
    let mut script = String::from_utf8_lossy(&script).into_owned();
    for (old, new) in names {
        for (before, quote) in [("from ", '"'), ("from ", '\''), ("new URL(", '"')] {
            script = script.replace(&format!("{before}{quote}{old}{quote}"), &format!("{before}{quote}./{new}{quote}"));
        }
    }
    script.into_bytes()
}

fn digest<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sum = Sha256::new();
    for content in contents {
        sum.update((content.len() as u64).to_le_bytes());
        sum.update(content);
    }
    sum.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    writer.write_all(content)?;
    drop(writer);
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}
