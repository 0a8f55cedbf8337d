namespace AlexNetTF.Weights;

/// <summary>From the tensors of a state dictionary to a source, for both containers.</summary>
internal static class TorchSource
{
    public static WeightSource Make(WeightBytes file, List<KeyValuePair<string, TorchTensor>> tensors, bool bigEndian, List<IDisposable> owned)
    {
        WeightEntries.RequireFewer(file, 0, tensors.Count);
        List<NamedTensor> named = [.. tensors.Select(pair =>
        {
            (TensorLayout layout, StoredTensor stored) = pair.Value.Resolve(file, pair.Key, bigEndian);
            return new NamedTensor(pair.Key, layout, stored);
        })];
        (List<WeightEntry> entries, WeightHints hints) = TorchWeights.Map(named);
        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, TorchZipFormat.Kind, entries, hints, owned);
    }
}
