using AlexNetTF.Weights;

namespace AlexNetTF;

/// <summary>
/// An open weight file: a table of its tensors, whose values are read from the file straight into the caller's
/// memory. Reading is safe from many threads.
/// </summary>
public sealed class WeightSource : IDisposable
{
    private readonly List<IDisposable> _owned;
    private bool _disposed;

    internal WeightSource(
        WeightBytes file, string kind, IReadOnlyList<WeightEntry> entries, WeightHints? hints = null, IEnumerable<IDisposable>? owned = null)
    {
        Path = file.Path;
        Kind = kind;
        Entries = entries;
        Hints = TopologyByShape.Complete(hints ?? new WeightHints(), entries);
        _owned = [.. owned ?? [], file];
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>The format in words, such as <c>NumPy array (.npy)</c>.</summary>
    public string Kind { get; }

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<WeightEntry> Entries { get; }

    /// <summary>What the file tells besides its values.</summary>
    public WeightHints Hints { get; internal set; }

    /// <summary>Reads a tensor in TensorFlow's layout.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="destination">Receives exactly <see cref="WeightEntry.Count"/> values, in C order of <see cref="WeightEntry.Shape"/>.</param>
    /// <param name="allowNonFinite">Accepts infinities and NaN, which are otherwise refused after reading.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="FileFormatException">The file is cut short or damaged, or a value is not finite.</exception>
    public void ReadInto(WeightEntry entry, Span<float> destination, bool allowNonFinite = false) =>
        Read(entry, entry.Layout, destination, allowNonFinite);

    /// <summary>Reads a tensor as its format lays it out, in C order of <see cref="WeightEntry.StoredShape"/>; otherwise as <see cref="ReadInto"/>.</summary>
    public void ReadStoredInto(WeightEntry entry, Span<float> destination, bool allowNonFinite = false) =>
        Read(entry, entry.StoredLayout, destination, allowNonFinite);

    /// <summary>Reads a tensor in TensorFlow's layout into a new array; otherwise as <see cref="ReadInto"/>.</summary>
    public float[] Read(WeightEntry entry, bool allowNonFinite = false)
    {
        float[] values = new float[entry.Count];
        ReadInto(entry, values, allowNonFinite);
        return values;
    }

    /// <summary>Reads a tensor once for its sum and extremes, in bounded memory.</summary>
    /// <exception cref="FileFormatException">The file is cut short or damaged.</exception>
    public WeightStatistics Statistics(WeightEntry entry)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TensorReader.Statistics(entry);
    }

    /// <summary>
    /// The tensor in TensorFlow's layout as memory that the file is mapped to, which outlives this source; null where it must be read
    /// instead, also where it has values that <see cref="ReadInto"/> refuses.
    /// </summary>
    internal unsafe OwnedMemory? Map(WeightEntry entry, bool allowNonFinite)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!entry.IsVerbatim || !BitConverter.IsLittleEndian || entry.FileOffset % sizeof(float) != 0 || entry.Count == 0)
        {
            return null;
        }

        MappedMemory? memory = entry.Stored.Region.File.Map(entry.FileOffset, entry.Count * sizeof(float));
        if (memory is null || allowNonFinite || !NonFinite.Any((float*)memory.Pointer, entry.Count))
        {
            return memory;
        }

        memory.Dispose();
        return null;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _disposed = true;
        _owned.ForEach(static owned => owned.Dispose());
    }

    private void Read(WeightEntry entry, TensorLayout layout, Span<float> destination, bool allowNonFinite)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (destination.Length != entry.Count)
        {
            throw new ArgumentException(
                $"'{entry.Name}' of shape {Shapes.Text(layout.Shape)} has {entry.Count:N0} values; the destination takes {destination.Length:N0}.",
                nameof(destination));
        }

        TensorReader.Read(entry, layout, destination, allowNonFinite);
    }
}
