using System.Text;

namespace AlexNetTF.Weights;

/// <summary>Says what a file is that holds no weights we read, and what to do.</summary>
internal static class UnknownFile
{
    private const string Known =
        ".npy, .npz, pickled dictionaries of NumPy arrays, safetensors, Caffe models, ONNX models, PyTorch state dictionaries and TensorFlow checkpoints and frozen graphs are read";

    private static readonly (int Offset, byte[] Magic, string What)[] Magics =
    [
        (0, [0x89, .. "HDF"u8], "an HDF5 file (Keras or Caffe); load it there and save the arrays with np.savez"),
        (0, [.. "GGUF"u8], "a GGUF file, which holds language models"),
        (4, [.. "TFL3"u8], "a TensorFlow Lite model, whose weights are usually quantised; use the model that it was made from"),
        (0, [0x1F, 0x8B], "a gzip archive; unpack it first"),
        (0, [.. "BZh"u8], "a bzip2 archive; unpack it first"),
        (0, [0xFD, .. "7zXZ"u8], "an xz archive; unpack it first"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "a zstd archive; unpack it first"),
        (257, [.. "ustar"u8], "a tar archive; unpack it first"),
        (0, [0x89, .. "PNG"u8], "a picture"),
        (0, [0xFF, 0xD8, 0xFF], "a picture"),
        (0, [.. "GIF8"u8], "a picture"),
        (0, [.. "version https://git-lfs"u8], "a Git LFS pointer, not the file that it stands for; fetch that with 'git lfs pull'"),
        (0, [.. "model_checkpoint_path"u8], "the list of a TensorFlow checkpoint folder; name the folder, or the checkpoint without an ending"),
    ];

    public static FileFormatException Describe(WeightBytes file) => file.Length == 0
        ? file.Error(0, $"the file is empty; {Known}")
        : file.Error(0, $"this is {What(file)}. ({Known}.)");

    private static string What(WeightBytes file)
    {
        foreach ((int offset, byte[] magic, string what) in Magics)
        {
            if (file.Head.Length >= offset && file.Head.AsSpan(offset).StartsWith(magic))
            {
                return what;
            }
        }

        if (ZipDirectory.Recognises(file))
        {
            return $"a zip archive without weights that are known: {Members(file)}";
        }

        return IsText(file.Head) ? Text(file.Head) : Binary(file);
    }

    private static string Members(WeightBytes file)
    {
        IReadOnlyList<ZipMember> members = ZipDirectory.Read(file).Members;
        string first = string.Join(", ", members.Take(3).Select(member => $"'{member.Name}'"));
        return members.Count == 0 ? "it is empty" : $"it holds {first}{(members.Count > 3 ? " and more" : "")}";
    }

    private static string Text(byte[] head)
    {
        string text = Encoding.UTF8.GetString(head).TrimStart();
        if (text.StartsWith('<'))
        {
            return "a web page, probably an error message instead of the file that was asked for; download it again";
        }

        bool isPrototxt = text.Contains("layer", StringComparison.Ordinal) && text.Contains('{', StringComparison.Ordinal);
        return isPrototxt ? "a text, probably the description of a Caffe network (.prototxt); the weights are in the .caffemodel" : "a text file";
    }

    private static string Binary(WeightBytes file)
    {
        WireOutline outline = WireOutline.Of(file);
        return outline is { Count: > 0, Damage: { } damage }
            ? $"no format that is known; read as a protobuf message (Caffe, ONNX, TensorFlow) it is damaged: {damage.Message}"
            : "no format that is known";
    }

    private static bool IsText(byte[] head) => !head.AsSpan().ContainsAnyInRange((byte)0, (byte)8);
}
