using System.Buffers.Binary;
using System.Text;

namespace Platz.Bench.Circuits;

/// <summary>Reads hub messages in MessagePack: as much of it as a circuit receives.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _left = data;

    /// <summary>The next message of several with their lengths in front; false when there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> frames, out PackReader message)
    {
        var (length, at, shift) = (0, 0, 0);
        while (at < frames.Length)
        {
            length |= (frames[at] & 0x7f) << shift;
            shift += 7;
            if ((frames[at++] & 0x80) == 0)
            {
                message = new PackReader(frames.Slice(at, length));
                frames = frames[(at + length)..];
                return true;
            }
        }

        message = default;
        return false;
    }

    public int Array() => Take() switch
    {
        var b when (b & 0xf0) == 0x90 => b & 0x0f,
        0xdc => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        var b => throw Unexpected(b),
    };

    public long Number() => Take() switch
    {
        var b and < 0x80 => b,
        var b and >= 0xe0 => (sbyte)b,
        0xcc => Take(),
        0xcd => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xce => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
        0xcf or 0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
        0xd0 => (sbyte)Take(),
        0xd1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
        0xd2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        var b => throw Unexpected(b),
    };

    /// <summary>A text or a block of bytes; empty for null.</summary>
    public ReadOnlySpan<byte> Bytes() => Take() switch
    {
        0xc0 => [],
        var b when (b & 0xe0) == 0xa0 => Take(b & 0x1f),
        0xd9 or 0xc4 => Take(Take()),
        0xda or 0xc5 => Take(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
        0xdb or 0xc6 => Take((int)BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
        var b => throw Unexpected(b),
    };

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Headers, of which there are none.</summary>
    public void Headers()
    {
        if (Take() is not 0x80 and var b)
        {
            throw Unexpected(b);
        }
    }

    private byte Take() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private static FormatException Unexpected(byte b) => new($"The server sent 0x{b:x2} where it never did before.");
}
