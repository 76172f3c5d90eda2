using System.Text;

namespace Platz.Sandbox;

/// <summary>Files for nobody's eyes but the owner's, of which nobody who waits for them ever reads a half.</summary>
internal static class WholeFile
{
    public static void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    public static void Write(string file, byte[] content)
    {
        var fresh = file + ".new";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, how))
        {
            stream.Write(content);
        }

        File.Move(fresh, file, overwrite: true);
    }
}
