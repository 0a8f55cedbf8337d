using System.IO.Compression;
using System.Text;

namespace AlexNetTF.Weights;

/// <summary>Writes .npy arrays and .npz archives of little-endian float32 in C order, as NumPy 1.14 and newer lay them out.</summary>
internal static class NpyWriter
{
    private const int Alignment = 64;

    public static void WriteArray(Stream stream, IReadOnlyList<long> shape, ReadOnlySpan<float> values)
    {
        WriteHeader(stream, "<f4", shape);
        LittleEndian.Write(stream, values);
    }

    public static void WriteArchive(Stream stream, IReadOnlyList<WeightValues> tensors)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (WeightValues tensor in tensors)
        {
            ZipArchiveEntry entry = zip.CreateEntry(tensor.Name + ".npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream member = entry.Open();
            WriteArray(member, tensor.Shape, tensor.Values.Span);
        }
    }

    /// <summary>Version 1.0: magic, length, dictionary text padded with spaces to a multiple of 64 bytes in all.</summary>
    public static void WriteHeader(Stream stream, string type, IReadOnlyList<long> shape)
    {
        string tuple = shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";
        int prefix = NpyHeader.Magic.Length + 4;
        int padding = Alignment - ((prefix + text.Length + 1) % Alignment);
        stream.Write(NpyHeader.Magic);
        stream.Write([1, 0]);
        LittleEndian.Write(stream, (ushort)(text.Length + padding + 1));
        stream.Write(Encoding.Latin1.GetBytes(text + new string(' ', padding) + "\n"));
    }
}
