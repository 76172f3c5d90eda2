using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Platz.Bench.Circuits;

/// <summary>One hub message in MessagePack, with its length in front: as much of it as a circuit sends.</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> _body = new(256);

    /// <summary>Calls a method of the hub.</summary>
    /// <param name="invocation">Null where no answer is wanted.</param>
    /// <param name="arguments">Strings, whole numbers, truth values and nulls.</param>
    public static byte[] Invocation(string? invocation, string method, params ReadOnlySpan<object?> arguments)
    {
        var writer = new PackWriter();
        writer.Array(6);
        writer.Number(1);
        writer.Byte(0x80); // no headers
        writer.Value(invocation);
        writer.Value(method);
        writer.Array(arguments.Length);
        foreach (var argument in arguments)
        {
            writer.Value(argument);
        }

        writer.Array(0); // no streams
        return writer.Framed();
    }

    public static byte[] Ping()
    {
        var writer = new PackWriter();
        writer.Array(1);
        writer.Number(6);
        return writer.Framed();
    }

    private byte[] Framed()
    {
        var length = new byte[5];
        var (size, left) = (0, _body.WrittenCount);
        do
        {
            length[size++] = (byte)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
            left >>= 7;
        }
        while (left > 0);

        return [.. length.AsSpan(0, size), .. _body.WrittenSpan];
    }

    private void Value(object? value)
    {
        switch (value)
        {
            case null:
                Byte(0xc0);
                break;
            case bool yes:
                Byte(yes ? (byte)0xc3 : (byte)0xc2);
                break;
            case long number:
                Number(number);
                break;
            case string text:
                Text(text);
                break;
            default:
                throw new ArgumentException($"A {value.GetType().Name} is no argument of a hub.", nameof(value));
        }
    }

    private void Array(int count) => Byte((byte)(0x90 | count)); // never more than fifteen

    private void Number(long value)
    {
        if (value is >= 0 and < 128)
        {
            Byte((byte)value);
            return;
        }

        Byte(0xd3);
        BinaryPrimitives.WriteInt64BigEndian(_body.GetSpan(8), value);
        _body.Advance(8);
    }

    private void Text(string text)
    {
        Byte(0xdb);
        BinaryPrimitives.WriteUInt32BigEndian(_body.GetSpan(4), (uint)Encoding.UTF8.GetByteCount(text));
        _body.Advance(4);
        _body.Advance(Encoding.UTF8.GetBytes(text, _body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    private void Byte(byte value)
    {
        _body.GetSpan(1)[0] = value;
        _body.Advance(1);
    }
}
