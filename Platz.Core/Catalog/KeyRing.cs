using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Platz.Core.Catalog;

/// <summary>The file of key-encryption keys cannot be made, read or trusted; the message says what to do.</summary>
public sealed class KeyRingException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The key-encryption keys: one <c>id:base64</c> of 32 bytes a line. The first seals, all of them open, so a new key is
/// put on top and the old ones stay below it. Lines that start with <c>#</c> are comments.
/// </summary>
public sealed partial class KeyRing
{
    private const int KeyLength = 32;

    private const int LockMilliseconds = 5_000;

    private static readonly TimeSpan s_lockPause = TimeSpan.FromMilliseconds(50);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly Dictionary<string, byte[]> _keys;

    private KeyRing(string activeId, Dictionary<string, byte[]> keys)
    {
        ActiveId = activeId;
        _keys = keys;
    }

    public string ActiveId { get; }

    /// <summary>Reads the file; makes one with a new key where there is none.</summary>
    public static KeyRing Load(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        return Parse(Read(path), path);
    }

    internal byte[]? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>
    /// Written aside under a lock and moved into place: of many that start at once one writes, and nobody reads half a
    /// file. The move alone would not do: where the target is missing .NET renames, and a rename replaces.
    /// </summary>
    private static void Create(string path)
    {
        var aside = $"{path}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        for (var until = Environment.TickCount64 + LockMilliseconds; !File.Exists(path);)
        {
            try
            {
                using var file = new FileStream(aside, options);
                WriteAndMove(file, aside, path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                if (Environment.TickCount64 > until || error is UnauthorizedAccessException or DirectoryNotFoundException)
                {
                    throw new KeyRingException(
                        $"The key file {path} is not there and cannot be created: {error.Message}", error);
                }

                SpinWait.SpinUntil(() => File.Exists(path), s_lockPause);
            }
        }
    }

    private static void WriteAndMove(FileStream file, string aside, string path)
    {
        if (File.Exists(path)) // another process was first, and this handle may be on its very file
        {
            File.Delete(aside);
            return;
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes($"k1:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength))}\n"));
        file.Flush(flushToDisk: true);
        File.Move(aside, path, overwrite: false);
    }

    private static string Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
            {
                throw new KeyRingException(
                    $"The key file {path} can be read by other users of this machine. Run: chmod 600 {path}");
            }

            using var text = new StreamReader(file);
            return text.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KeyRingException($"The key file {path} cannot be read: {error.Message}", error);
        }
    }

    private static KeyRing Parse(string text, string path)
    {
        var keys = new Dictionary<string, byte[]>();
        var (number, first) = (0, (string?)null);
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            var id = line.Split(':')[0];
            var key = new byte[KeyLength];
            if (!IdPattern().IsMatch(id)
                || !Convert.TryFromBase64String(line[Math.Min(line.Length, id.Length + 1)..], key, out var length)
                || length != KeyLength)
            {
                throw new KeyRingException(
                    $"Line {number} of the key file {path} is not \"id:key\" with 32 bytes in base64.");
            }

            if (!keys.TryAdd(id, key))
            {
                throw new KeyRingException($"Line {number} of the key file {path} repeats the key id {id}.");
            }

            first ??= id;
        }

        return first is null
            ? throw new KeyRingException(
                $"The key file {path} holds no key. Put one line \"id:key\" with 32 bytes in base64 into it.")
            : new KeyRing(first, keys);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex IdPattern();
}
