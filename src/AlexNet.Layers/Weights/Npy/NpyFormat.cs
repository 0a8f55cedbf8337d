namespace AlexNetTF.Weights;

/// <summary>NumPy's .npy: one plain array, or a pickled dictionary of them, such as the article's bvlc_alexnet.npy.</summary>
internal sealed class NpyFormat : IWeightFormat
{
    public const string PlainName = "array";

    public bool Recognises(WeightBytes file) => file.Head.AsSpan().StartsWith(NpyHeader.Magic);

    public WeightSource Open(WeightBytes file)
    {
        var whole = new FileRegion(file, 0, file.Length);
        NpyHeader header = NpyHeader.Read(whole);
        if (header.Type.Element is null)
        {
            var owned = new List<IDisposable>();
            (List<WeightEntry> entries, List<string> notes) = PickledWeights.Read(file, header.DataOffset, file.Length, owned);
            return new WeightSource(file, "pickled dictionary of NumPy arrays (.npy)", entries, new WeightHints { Notes = notes }, owned);
        }

        return new WeightSource(file, "NumPy array (.npy)", [Plain(header, whole, "", PlainName, PlainName)]);
    }

    /// <summary>The entry of a plain array whose header was read from the front of <paramref name="region"/>.</summary>
    public static WeightEntry Plain(NpyHeader header, ByteRegion region, string layer, string parameter, string storedName)
    {
        TensorLayout layout = header.IsFortran ? TensorLayout.Fortran(header.Shape) : TensorLayout.InOrder(header.Shape);
        var data = new SubRegion(region, header.DataOffset, region.Length - header.DataOffset);
        return WeightEntries.AsStored(
            layer, parameter, storedName, layout, new StoredTensor(data, header.Type.Element!.Value, header.Type.BigEndian));
    }
}
