using System.IO.Compression;
using System.Text;

namespace Platz.Tests.Support;

/// <summary>
/// Builds charts' archives header by header, so that they can be as wrong as an attacker would have them.
/// </summary>
public sealed class ChartTar
{
    private readonly MemoryStream _tar = new();

    /// <summary>A sound chart, to which a test adds what it is about.</summary>
    public static ChartTar Sound(string name = "web", string version = "1.0.0") => new ChartTar()
        .File($"{name}/Chart.yaml", $"apiVersion: v2\nname: {name}\nversion: {version}\n")
        .File($"{name}/values.yaml", "config:\n  replicas: 1\n");

    public ChartTar File(string name, string text) => Entry(name, '0', Encoding.UTF8.GetBytes(text));

    public ChartTar Directory(string name) => Entry(name, '5', []);

    /// <param name="size">What the header says, where it shall not be the truth.</param>
    public ChartTar Entry(string name, char type, byte[] content, string? size = null, string link = "")
    {
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, "0000644\0");
        Put(header, 108, "0000000\0");
        Put(header, 116, "0000000\0");
        Put(header, 124, size ?? Convert.ToString(content.Length, 8).PadLeft(11, '0') + "\0");
        Put(header, 136, "00000000000\0");
        Put(header, 148, "        ");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\0" + "00");
        Put(header, 148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        _tar.Write(header);
        _tar.Write(content);
        _tar.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    /// <summary>An extended header with attributes for the entry that follows.</summary>
    public ChartTar Pax(params (string Key, string Value)[] attributes) =>
        Entry("PaxHeaders/x", 'x', [.. attributes.SelectMany(a => Attribute(a.Key, a.Value))]);

    public byte[] ToTgz()
    {
        _tar.Write(new byte[1024]);
        return Gzip(_tar.ToArray());
    }

    public static byte[] Attribute(string key, string value)
    {
        var rest = $" {key}={value}\n";
        var length = Encoding.UTF8.GetByteCount(rest);
        var total = length + 1;
        while (length + total.ToString(System.Globalization.CultureInfo.InvariantCulture).Length != total)
        {
            total++;
        }

        return Encoding.UTF8.GetBytes($"{total}{rest}");
    }

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static void Put(byte[] header, int at, string text) => Encoding.Latin1.GetBytes(text).CopyTo(header, at);
}
