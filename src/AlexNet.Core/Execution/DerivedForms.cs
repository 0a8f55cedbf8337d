namespace AlexNetTF.Execution;

/// <summary>Forms computed from variables and constants (transformed filters), kept until the values change.</summary>
internal sealed unsafe class DerivedForms : IDisposable
{
    private readonly Dictionary<(object Owner, DerivedForm Form), Entry> entries = [];

    public byte* Get(object owner, long version, DerivedForm form, byte* source, int threads)
    {
        Entry? entry;
        lock (entries)
        {
            if (!entries.TryGetValue((owner, form), out entry)) entries.Add((owner, form), entry = new Entry(form.Bytes));
        }

        lock (entry)
        {
            if (entry.Version != version)
            {
                form.Compute(source, entry.Memory.Pointer, threads);
                entry.Version = version;
            }
        }

        return entry.Memory.Pointer;
    }

    public void Dispose()
    {
        foreach (Entry entry in entries.Values) entry.Memory.Dispose();
    }

    private sealed class Entry(long bytes)
    {
        public AlignedMemory Memory { get; } = new(bytes);

        public long Version { get; set; } = -1;
    }
}
