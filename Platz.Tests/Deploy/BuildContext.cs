
namespace Platz.Tests.Deploy;

/// <summary>The files that a container build of a folder gets to see: all that .dockerignore leaves.</summary>
internal sealed class BuildContext(string root)
{
    private readonly string[] _ignored =
        [.. File.ReadLines(Path.Combine(root, ".dockerignore")).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>Does one COPY: its last word is the folder that the others go to.</summary>
    public void Copy(string words, string workFolder)
    {
        var paths = words.Split(' ');
        var target = Path.Combine(workFolder, paths[^1]);
        foreach (var source in paths[..^1])
        {
            var files = FilesOf(source is "." ? "" : source).ToArray();
            Assert.True(files.Length > 0, $"COPY {words}: there is no {source}");
            foreach (var file in files)
            {
                var name = source is "." ? file : Path.GetFileName(file);
                var copy = Path.Combine(target, name);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(root, file), copy, overwrite: true);
            }
        }
    }

    private IEnumerable<string> FilesOf(string path)
    {
        if (IsIgnored(path))
        {
            return [];
        }

        var full = Path.Combine(root, path);
        return Directory.Exists(full)
            ? Directory.EnumerateFileSystemEntries(full).SelectMany(entry => FilesOf(Path.GetRelativePath(root, entry)))
            : File.Exists(full) ? [path] : [];
    }

    private bool IsIgnored(string path) => _ignored.Any(pattern => pattern switch
    {
        ['*', '*', '/', .. var name] => Path.GetFileName(path) == name,
        ['*', .. var ending] => !path.Contains('/') && path.EndsWith(ending, StringComparison.Ordinal),
        _ => path == pattern,
    });
}
