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

    /// <summary>Written aside and linked into place: of two that start at once one wins, and nobody reads half a file.</summary>
    private static void Create(string path)
    {
        var aside = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(aside, options))
            {
                var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
                file.Write(Encoding.ASCII.GetBytes($"k1:{key}\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!File.Exists(path))
            {
                throw new KeyRingException(
                    $"The key file {path} is not there and cannot be created: {error.Message}", error);
            }
        }
        finally
        {
            if (File.Exists(aside)) // not so after the move, nor where the folder is missing
            {
                File.Delete(aside);
            }
        }
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
