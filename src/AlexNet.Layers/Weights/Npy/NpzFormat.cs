namespace AlexNetTF.Weights;

/// <summary>NumPy's .npz: a zip of .npy arrays, stored or deflated, one per variable.</summary>
internal sealed class NpzFormat : IWeightFormat
{
    private const string Extension = ".npy";

    /// <summary>A zip that holds a .npy; PyTorch's zip does not.</summary>
    public bool Recognises(WeightBytes file) =>
        ZipDirectory.Recognises(file) && ZipDirectory.Read(file).Members.Any(IsArray);

    public WeightSource Open(WeightBytes file)
    {
        ZipDirectory zip = ZipDirectory.Read(file);
        var owned = new List<IDisposable>();
        var entries = new List<WeightEntry>();
        var notes = new List<string>();
        foreach (ZipMember member in zip.Members)
        {
            if (IsArray(member))
            {
                entries.AddRange(Entries(member, zip.Open(member, owned), owned, notes));
            }
            else
            {
                notes.Add($"'{member.Name}' is no .npy array and was left out");
            }
        }

        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, "NumPy archive (.npz)", entries, new WeightHints { Notes = notes }, owned);
    }

    private static bool IsArray(ZipMember member) => member.Name.EndsWith(Extension, StringComparison.Ordinal);

    private static List<WeightEntry> Entries(ZipMember member, ByteRegion region, List<IDisposable> owned, List<string> notes)
    {
        NpyHeader header = NpyHeader.Read(region);
        string name = member.Name[..^Extension.Length];
        if (header.Type.Element is not null)
        {
            (string layer, string parameter) = LayerNames.Split(name);
            return [NpyFormat.Plain(header, region, layer, parameter, name)];
        }

        if (!region.IsVerbatim)
        {
            throw region.File.Error(region.FilePosition, $"'{name}' is a deflated pickle; np.savez stores what np.savez_compressed deflates");
        }

        long start = region.FilePosition;
        (List<WeightEntry> entries, List<string> more) = PickledWeights.Read(region.File, start + header.DataOffset, start + region.Length, owned);
        notes.AddRange(more);
        return entries;
    }
}
