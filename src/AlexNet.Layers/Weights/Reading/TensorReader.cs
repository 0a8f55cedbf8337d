using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace AlexNetTF.Weights;

/// <summary>
/// Reads a tensor from its file straight into the caller's memory: values are converted and transposed block by
/// block on the way, and float32 in the wanted order is read without any buffer. Blocks go to all cores where the
/// file can be read in any order.
/// </summary>
internal sealed unsafe class TensorReader
{
    private const int BufferBytes = 1 << 20;
    private const int BufferFloats = BufferBytes / sizeof(float);

    private readonly WeightEntry _entry;
    private readonly StoredTensor _stored;
    private readonly ReadPlan _plan;
    private readonly float* _destination;
    private readonly Lock _lock = new();
    private long _firstNonFinite = long.MaxValue;

    private TensorReader(WeightEntry entry, TensorLayout layout, float* destination)
    {
        _entry = entry;
        _stored = entry.Stored;
        _plan = new ReadPlan(layout, BufferBytes / Math.Max(_stored.Type.Size(), sizeof(float)));
        _destination = destination;
    }

    /// <summary>Fills <paramref name="destination"/> with the tensor in the order of <paramref name="layout"/>.</summary>
    /// <exception cref="FileFormatException">The file is cut short or damaged, or a value is not finite.</exception>
    public static void Read(WeightEntry entry, TensorLayout layout, Span<float> destination, bool allowNonFinite)
    {
        if (entry.Count == 0)
        {
            return;
        }

        fixed (float* pointer = destination)
        {
            var reader = new TensorReader(entry, layout, pointer);
            reader.ReadBlocks();
            entry.Stored.Region.ExpectEnd();
            if (reader._firstNonFinite != long.MaxValue && !allowNonFinite)
            {
                throw reader.NonFiniteError(layout.Shape);
            }
        }
    }

    /// <summary>Sum and extremes, in the order in which the file holds the values.</summary>
    public static WeightStatistics Statistics(WeightEntry entry)
    {
        long elements = entry.Stored.Region.Length / entry.Stored.Type.Size();
        if (entry.Count != elements)
        {
            float[] values = new float[entry.Count];
            Read(entry, entry.StoredLayout, values, allowNonFinite: true);
            return WeightStatistics.None.With(values);
        }

        WeightStatistics statistics = WeightStatistics.None;
        if (elements == 0)
        {
            return statistics;
        }

        var all = new TensorReader(entry, TensorLayout.InOrder(elements), null);
        using var buffers = new Buffers();
        for (long i = 0; i < all._plan.Blocks; i++)
        {
            CopyBlock block = all._plan.Block(i);
            Span<float> values = buffers.Floats.AsSpan(0, (int)block.Span);
            all.Load(block, values, buffers);
            statistics = statistics.With(values);
        }

        entry.Stored.Region.ExpectEnd();
        return statistics;
    }

    private void ReadBlocks()
    {
        if (!_stored.Region.IsRandomAccess || _plan.Blocks == 1)
        {
            using var buffers = new Buffers();
            for (long i = 0; i < _plan.Blocks; i++)
            {
                ReadBlock(_plan.Block(i), buffers);
            }

            return;
        }

        try
        {
            Parallel.For(
                0L,
                _plan.Blocks,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                () => new Buffers(),
                (i, _, buffers) => ReadBlock(_plan.Block(i), buffers),
                buffers => buffers.Dispose());
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private Buffers ReadBlock(CopyBlock block, Buffers buffers)
    {
        float* destination = _destination + block.Destination;
        if (_plan.IsStraight)
        {
            var target = new Span<float>(destination, (int)block.Span);
            Load(block, target, buffers);
            Check(target, block);
            return buffers;
        }

        Span<float> values = buffers.Floats.AsSpan(0, (int)block.Span);
        Load(block, values, buffers);
        fixed (float* source = values)
        {
            Scatter.Copy(source, destination, block.Axes);
        }

        Check(values, block);
        return buffers;
    }

    private bool IsNativeFloat => _stored.Type == ElementType.Float32 && _stored.BigEndian != BitConverter.IsLittleEndian;

    /// <summary>The stored elements of a block as floats, gaps between them included.</summary>
    private void Load(CopyBlock block, Span<float> values, Buffers buffers)
    {
        int size = _stored.Type.Size();
        if (IsNativeFloat)
        {
            _stored.Region.Read(block.Source * size, MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = buffers.Bytes.AsSpan(0, (int)block.Span * size);
        _stored.Region.Read(block.Source * size, bytes);
        ElementConversion.Convert(bytes, _stored.Type, _stored.BigEndian, values);
    }

    /// <summary>Remembers the first element, in the wanted order, that is not finite.</summary>
    private void Check(ReadOnlySpan<float> values, CopyBlock block)
    {
        if (!NonFinite.Any(values))
        {
            return;
        }

        long first = long.MaxValue;
        fixed (float* pointer = values)
        {
            float* source = pointer;
            Scatter.ForEach(block.Axes, (s, d) => first = float.IsFinite(source[s]) ? first : Math.Min(first, block.Destination + d));
        }

        lock (_lock)
        {
            _firstNonFinite = Math.Min(_firstNonFinite, first);
        }
    }

    private FileFormatException NonFiniteError(long[] shape)
    {
        long rest = _firstNonFinite;
        long[] index = new long[shape.Length];
        for (int k = shape.Length - 1; k >= 0; k--)
        {
            (rest, index[k]) = Math.DivRem(rest, shape[k]);
        }

        return _stored.Region.File.Error(
            _stored.Region.FilePosition,
            $"'{_entry.Name}' has the value {_destination[_firstNonFinite]} at {Shapes.Text(index)}, and answers computed from it would be worthless; allowNonFinite (--allow-non-finite) accepts it");
    }

    /// <summary>The buffers of one thread.</summary>
    private sealed class Buffers : IDisposable
    {
        private byte[]? _bytes;
        private float[]? _floats;

        public byte[] Bytes => _bytes ??= ArrayPool<byte>.Shared.Rent(BufferBytes);

        public float[] Floats => _floats ??= ArrayPool<float>.Shared.Rent(BufferFloats);

        public void Dispose()
        {
            if (_bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            if (_floats is not null)
            {
                ArrayPool<float>.Shared.Return(_floats);
            }
        }
    }
}
