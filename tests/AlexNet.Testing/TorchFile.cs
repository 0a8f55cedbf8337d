using System.IO.Compression;
using System.Text;

namespace AlexNetTF.Testing;

/// <summary>Files of PyTorch, written by hand. Pickles are Latin-1 strings here.</summary>
public static class TorchFile
{
    /// <summary>A zip as torch.save writes it, with one storage of two floats under the key 0.</summary>
    public static void Save(string path, string pickle, params (string Name, byte[] Content)[] more) =>
        SaveMembers(path, pickle, [("x/data/0", new byte[8]), .. more]);

    /// <summary>A zip as torch.save writes it.</summary>
    public static void SaveMembers(string path, string pickle, IEnumerable<(string Name, byte[] Content)> members)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in ((string, byte[])[])[("x/data.pkl", Encoding.Latin1.GetBytes($"\x80\x02{pickle}.")), .. members])
        {
            using Stream member = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
            member.Write(content);
        }
    }

    /// <summary>A dictionary of text keys.</summary>
    public static string Dictionary(params (string Key, string Value)[] items) =>
        "}(" + string.Concat(items.Select(item => Text(item.Key) + item.Value)) + "u";

    /// <summary>A tensor of two floats of the storage, or what the arguments say.</summary>
    public static string Tensor(string key, string offset = "K\x00", string size = "(K\x02t", string stride = "(K\x01t", int count = 2) =>
        "ctorch._utils\n_rebuild_tensor_v2\n(("
        + Text("storage") + "ctorch\nFloatStorage\n" + Text(key) + Text("cpu") + Integer(count) + "tQ" + offset + size + stride + "\x89Nt" + "R";

    /// <summary>A contiguous tensor that is a whole storage.</summary>
    public static string Tensor(string key, long[] shape)
    {
        long[] strides = new long[shape.Length];
        long count = 1;
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            strides[k] = count;
            count *= shape[k];
        }

        return Tensor(key, "K\x00", Tuple(shape), Tuple(strides), (int)count);
    }

    private static string Tuple(long[] numbers) => "(" + string.Concat(numbers.Select(number => Integer((int)number))) + "t";

    private static string Integer(int value) => "J" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));

    private static string Text(string text) => $"X{(char)text.Length}\0\0\0{text}";
}
