using System.Diagnostics;
using System.Runtime.Versioning;

namespace Platz.Tests.Deploy;

/// <summary>
/// What the images would hold: the steps of the Dockerfile's build stage, taken in a folder of its own, and the results
/// made read-only.
/// </summary>
public sealed class ImageFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platz-image-").FullName;
    private readonly Dockerfile _dockerfile = Dockerfile.Read(Path.Combine(Root, "Dockerfile"));

    public static string Root { get; } = FindRoot();

    /// <summary>A folder that the started program may write to.</summary>
    public string WritableFolder => Path.Combine(_folder, "writable");

    public async ValueTask InitializeAsync()
    {
        var source = Directory.CreateDirectory(Path.Combine(_folder, "src")).FullName;
        var context = new BuildContext(Root);
        foreach (var step in _dockerfile.Steps("build"))
        {
            if (step.Verb == "COPY")
            {
                context.Copy(step.Rest, source);
            }
            else if (step.Verb == "RUN")
            {
                await RunAsync(step.Rest.Replace(" /out/", $" {_folder}/out/", StringComparison.Ordinal), source);
            }
        }

        Directory.CreateDirectory(WritableFolder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(WritableFolder, (UnixFileMode)0b111_111_111);
            SetModes(Path.Combine(_folder, "out"), files: 0b100_100_100, folders: 0b101_101_101);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            SetModes(Path.Combine(_folder, "out"), files: 0b110_100_100, folders: 0b111_101_101);
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public string FolderOf(string image) => Path.Combine(_folder, "out", image);

    /// <summary>Starts an image's entry point as a container engine would, though not as root and not in a container.</summary>
    internal StartedProgram Start(string image, IReadOnlyDictionary<string, string> settings)
    {
        var environment = new Dictionary<string, string>(_dockerfile.Environment(image));
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return StartedProgram.Start(_dockerfile.Entrypoint(image), FolderOf(image), environment);
    }

    private async Task RunAsync(string command, string folder)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {command}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _dockerfile.Environment("build"))
        {
            start.Environment[name] = value;
        }

        // No build server stays behind when the tests are over.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command}\n{string.Concat(output)}");
    }

    [UnsupportedOSPlatform("windows")]
    private static void SetModes(string folder, int files, int folders)
    {
        if (!Directory.Exists(folder))
        {
            return; // the build failed before there was one
        }

        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.SetUnixFileMode(file, (UnixFileMode)files);
        }

        foreach (var inner in Directory.EnumerateDirectories(folder))
        {
            SetModes(inner, files, folders);
        }

        File.SetUnixFileMode(folder, (UnixFileMode)folders);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Dockerfile")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
