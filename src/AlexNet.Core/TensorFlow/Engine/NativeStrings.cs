using System.Buffers.Binary;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// String tensors: an array of 24-byte elements (TF_TString, from TensorFlow 2.4 on). The lowest two bits of an element
/// tell its kind: 0 the bytes follow at once; 1 and 3 a 64-bit size and, at byte 16 or 8, an address; 2 a 32-bit size and
/// the distance of the bytes from the element.
/// </summary>
internal static unsafe class NativeStrings
{
    private const int ElementBytes = 24, KindBits = 2, Small = 0, Large = 1, Offset = 2;

    /// <summary>Strings whose bytes lie behind the elements, in the tensor's own memory.</summary>
    public static TensorHandle Of(IReadOnlyList<byte[]> strings, ReadOnlySpan<int> dims)
    {
        long[] sizes = Array.ConvertAll(dims.ToArray(), size => (long)size);
        int next = ElementBytes * strings.Count;
        int bytes = next + strings.Sum(text => text.Length);
        TensorHandle tensor;
        fixed (long* at = sizes) tensor = NativeMethods.TF_AllocateTensor((int)DType.String, at, sizes.Length, (nuint)bytes);
        var memory = new Span<byte>(NativeMethods.TF_TensorData(tensor), bytes);
        memory.Clear();
        for (int i = 0; i < strings.Count; i++)
        {
            int start = i * ElementBytes;
            Span<byte> element = memory.Slice(start, ElementBytes);
            BinaryPrimitives.WriteUInt32LittleEndian(element, ((uint)strings[i].Length << KindBits) | Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(element[4..], (uint)(next - start));
            BinaryPrimitives.WriteUInt32LittleEndian(element[8..], (uint)strings.Count);
            strings[i].CopyTo(memory[next..]);
            next += strings[i].Length;
        }

        return tensor;
    }

    /// <summary>A fetched string as the vector of its bytes.</summary>
    /// <exception cref="RunException">There are several.</exception>
    public static NDArray ToArray(TensorHandle tensor, ReadOnlySpan<int> dims)
    {
        if (dims.Length != 0) throw new RunException(RunErrorCode.Unimplemented, $"A tensor of strings of shape [{string.Join(",", dims.ToArray())}] is fetched; only single strings can be.");
        return StringValues.FromBytes(Read((byte*)NativeMethods.TF_TensorData(tensor)));
    }

    private static ReadOnlySpan<byte> Read(byte* element) => (*element & 3) switch
    {
        Small => new(element + 1, *element >> KindBits),
        Large => new(*(byte**)(element + 16), checked((int)(*(ulong*)element >> KindBits))),
        Offset => new(element + *(uint*)(element + 4), (int)(*(uint*)element >> KindBits)),
        _ => new(*(byte**)(element + 8), checked((int)(*(ulong*)element >> KindBits))),
    };
}
