using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platz.Sandbox.Store;

/// <summary>
/// The objects on disk: one JSON line per change, the last line of an object counts. Written through to the system on
/// each change, so killing the process loses nothing; rewritten with the living objects when it has grown.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const long RewriteAbove = 64 * 1024 * 1024;

    private readonly string _file;
    private FileStream _stream;

    private Journal(string file, IEnumerable<StoredObject> objects)
    {
        _file = file;
        _stream = Rewrite(objects);
    }

    public static Journal Start(string file, IEnumerable<StoredObject> objects) => new(file, objects);

    public static IReadOnlyList<StoredObject> Read(string file, out long version)
    {
        version = 1;
        var latest = new Dictionary<ObjectKey, StoredObject>();
        if (!File.Exists(file))
        {
            return [];
        }

        foreach (var line in File.ReadLines(file))
        {
            if (Parse(line) is not { } entry)
            {
                continue; // the last line of a killed process may be torn, and a later release may drop a resource
            }

            version = Math.Max(version, entry.Version);
            latest.Remove(entry.Key);
            if (entry.Stored is { } stored)
            {
                latest[entry.Key] = stored;
            }
        }

        return [.. latest.Values];
    }

    public void Append(StoreChange change, Func<IEnumerable<StoredObject>> everything)
    {
        Write(_stream, change.Stored, change.Kind is ChangeKind.Deleted);
        _stream.Flush();
        if (_stream.Length > RewriteAbove)
        {
            _stream.Dispose();
            _stream = Rewrite(everything());
        }
    }

    public void Dispose() => _stream.Dispose();

    private FileStream Rewrite(IEnumerable<StoredObject> objects)
    {
        var fresh = _file + ".new";
        using (var stream = Open(fresh, FileMode.Create))
        {
            foreach (var stored in objects)
            {
                Write(stream, stored, deleted: false);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, _file, overwrite: true);
        return Open(_file, FileMode.Append);
    }

    private static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // it holds secrets
        }

        return new FileStream(file, options);
    }

    private static void Write(FileStream stream, StoredObject stored, bool deleted)
    {
        using (var writer = new Utf8JsonWriter(stream, JsonExtensions.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("resource", stored.Type.ToString());
            writer.WriteString("namespace", stored.Namespace);
            writer.WriteString("name", stored.Name);
            writer.WriteNumber("version", stored.Version);
            if (!deleted)
            {
                writer.WritePropertyName("object");
                writer.WriteRawValue(stored.Utf8, skipInputValidation: true);
                WriteApplied(writer, stored);
            }

            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteApplied(Utf8JsonWriter writer, StoredObject stored)
    {
        writer.WriteStartObject("applied");
        foreach (var (manager, json) in stored.Applied)
        {
            writer.WritePropertyName(manager);
            json.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static (ObjectKey Key, long Version, StoredObject? Stored)? Parse(string line)
    {
        JsonNode? entry;
        try
        {
            entry = JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }

        var type = ResourceTypes.All.FirstOrDefault(type => type.ToString() == entry.Text("resource"));
        if (type is null || entry.Number("version") is not { } version)
        {
            return null;
        }

        var key = new ObjectKey(type, entry.Text("namespace") ?? "", entry.Text("name") ?? "");
        if (entry.Object("object") is not { } json)
        {
            return (key, version, null);
        }

        var applied = entry.Object("applied") ?? [];
        return (key, version, new StoredObject(key, json.Copy(), version)
        {
            Applied = applied.ToDictionary(pair => pair.Key, pair => ((JsonObject)pair.Value!).Copy()),
        });
    }
}
