using System.Text;
using System.Text.Json;

namespace Platz.Core.Charts.Extensions;

/// <summary>A legacy extension file, which is JSON.</summary>
internal sealed class JsonSource
{
    private readonly string _path;
    private readonly byte[] _json;
    private readonly List<long> _lines = [0];

    private JsonSource(ChartFile file)
    {
        _path = file.Path;
        _json = Encoding.UTF8.GetBytes(file.Text);
        for (var i = 0; i < _json.Length; i++)
        {
            if (_json[i] is (byte)'\n')
            {
                _lines.Add(i + 1);
            }
        }
    }

    public static SourceNode Read(ChartFile file)
    {
        try
        {
            var source = new JsonSource(file);
            var reader = new Utf8JsonReader(source._json);
            reader.Read();
            var root = source.ReadNode(ref reader);
            reader.Read(); // throws for anything but the end
            return root;
        }
        catch (JsonException e)
        {
            var reason = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            throw new BrokenChartException(
                $"{file.Path}, line {e.LineNumber + 1}: This is not JSON: {ChartPath.Shown(reason)}.", e);
        }
    }

    private SourceNode ReadNode(ref Utf8JsonReader reader)
    {
        var line = Line(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMap(ref reader, line),
            JsonTokenType.StartArray => ReadList(ref reader, line),
            JsonTokenType.String => new SourceScalar(_path, line, Text(ref reader, line)),
            JsonTokenType.Number => new SourceScalar(_path, line, Number(ref reader, line)),
            JsonTokenType.Null => new SourceScalar(_path, line, null),
            var token => new SourceScalar(_path, line, token is JsonTokenType.True),
        };
    }

    private SourceList ReadList(ref Utf8JsonReader reader, int line)
    {
        var items = new List<SourceNode>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            items.Add(ReadNode(ref reader));
        }

        return new SourceList(_path, line, items);
    }

    private SourceMap ReadMap(ref Utf8JsonReader reader, int line)
    {
        var entries = new OrderedDictionary<string, SourceNode>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndObject)
        {
            var at = Line(reader.TokenStartIndex);
            var key = Text(ref reader, at);
            reader.Read();
            if (!entries.TryAdd(key, ReadNode(ref reader)))
            {
                throw Broken(at, $"The key \"{ChartPath.Shown(key)}\" is here twice.");
            }
        }

        return new SourceMap(_path, line, entries);
    }

    private string Text(ref Utf8JsonReader reader, int line)
    {
        try
        {
            return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal)
                ? text
                : throw Broken(line, "This text contains a character that cannot be stored.");
        }
        catch (InvalidOperationException)
        {
            throw Broken(line, "This text contains a character that cannot be stored."); // half a surrogate pair
        }
    }

    private object Number(ref Utf8JsonReader reader, int line) =>
        SourceNumber.Parse(Encoding.ASCII.GetString(reader.ValueSpan))
            ?? throw Broken(line, "This number is too large.");

    private BrokenChartException Broken(int line, string reason) => new($"{_path}, line {line}: {reason}");

    private int Line(long index)
    {
        var found = _lines.BinarySearch(index);
        return found >= 0 ? found + 1 : ~found;
    }
}
