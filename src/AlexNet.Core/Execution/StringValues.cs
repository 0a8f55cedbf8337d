using System.Text;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Strings in the form in which a session takes and returns them: NumSharp has no strings, so a tensor that is one string
/// (a file name, a serialised summary) is the vector of its bytes, an NDArray of uint8. A C# string can be fed as it is, as UTF-8.
/// </summary>
public static unsafe class StringValues
{
    /// <summary>A text, as UTF-8, to be fed.</summary>
    public static NDArray FromText(string text) => FromBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes, to be fed.</summary>
    public static NDArray FromBytes(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes) return NDArrays.Copy(DType.UInt8, [bytes.Length], first);
    }

    /// <summary>The bytes of a fetched string.</summary>
    /// <exception cref="GraphException">The array is no vector of bytes.</exception>
    public static byte[] ToBytes(NDArray value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // What NumSharp makes of a C# string: a vector of characters.
        if (value is { ndim: 1, typecode: NPTypeCode.Char }) return Encoding.UTF8.GetBytes(value.ToArray<char>());
        if (value.ndim != 1 || NDArrays.TypeOf(value) != DType.UInt8) throw new GraphException($"A string is the vector of its bytes (uint8); this is an NDArray of {value.typecode} [{string.Join(",", value.shape)}].");
        var bytes = new byte[value.size];
        fixed (byte* first = bytes) NDArrays.CopyTo(value, first);
        return bytes;
    }

    /// <summary>A fetched string's text, from UTF-8.</summary>
    /// <exception cref="GraphException">The array is no vector of bytes.</exception>
    public static string ToText(NDArray value) => Encoding.UTF8.GetString(ToBytes(value));
}
