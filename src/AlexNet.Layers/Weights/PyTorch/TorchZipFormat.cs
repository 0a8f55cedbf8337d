using System.Text;

namespace AlexNetTF.Weights;

/// <summary>
/// What torch.save writes since 1.6: a zip with NAME/data.pkl, the pickle of the dictionary, and NAME/data/KEY, the
/// bytes of each storage.
/// </summary>
internal sealed class TorchZipFormat : IWeightFormat
{
    public const string Kind = "PyTorch state dictionary";

    public bool Recognises(WeightBytes file) =>
        ZipDirectory.Recognises(file) && ZipDirectory.Read(file).Members.Any(IsPickle);

    public WeightSource Open(WeightBytes file)
    {
        ZipDirectory zip = ZipDirectory.Read(file);
        ZipMember member = zip.Members.First(IsPickle);
        string folder = member.Name[..^"data.pkl".Length];
        if (zip.Members.Any(other => other.Name.StartsWith(folder + "code/", StringComparison.Ordinal)))
        {
            throw file.Error(member.HeaderOffset, "a TorchScript archive holds a program; save model.state_dict()");
        }

        var owned = new List<IDisposable>();
        ByteRegion pickle = zip.Open(member, owned);
        if (!pickle.IsVerbatim)
        {
            throw file.Error(member.HeaderOffset, "the archive was packed again; PyTorch stores its members without compression");
        }

        var dialect = new TorchDialect();
        var cursor = new PickleCursor(file, pickle.FilePosition, pickle.FilePosition + pickle.Length);
        var machine = new PickleMachine(cursor, dialect);
        List<KeyValuePair<string, TorchTensor>> tensors = StateDictionary.Find(machine, machine.Run());
        FindStorages(file, zip, folder, dialect, owned);
        return TorchSource.Make(file, tensors, IsBigEndian(zip, folder, owned), owned);
    }

    private static bool IsPickle(ZipMember member) => member.Name.EndsWith("/data.pkl", StringComparison.Ordinal) || member.Name == "data.pkl";

    private static void FindStorages(WeightBytes file, ZipDirectory zip, string folder, TorchDialect dialect, List<IDisposable> owned)
    {
        foreach (ZipMember member in zip.Members)
        {
            string prefix = folder + "data/";
            if (member.Name.StartsWith(prefix, StringComparison.Ordinal)
                && dialect.Storages.TryGetValue(member.Name[prefix.Length..], out TorchStorage? storage))
            {
                if (member.Size != storage.Bytes)
                {
                    throw file.Error(member.HeaderOffset, $"'{member.Name}' has {member.Size:N0} bytes; its {storage.Count:N0} values of type {storage.Type.Name()} take {storage.Bytes:N0}");
                }

                storage.Region = zip.Open(member, owned);
            }
        }
    }

    private static bool IsBigEndian(ZipDirectory zip, string folder, List<IDisposable> owned)
    {
        if (zip.Members.FirstOrDefault(member => member.Name == folder + "byteorder") is not { Size: > 0 and <= 16 } member)
        {
            return false;
        }

        byte[] text = new byte[member.Size];
        zip.Open(member, owned).Read(0, text);
        return Encoding.ASCII.GetString(text).Trim() == "big";
    }
}
