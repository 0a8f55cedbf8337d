namespace AlexNetTF.Weights;

/// <summary>
/// The fixed-width numbers of a repeated protobuf field, which may be packed, unpacked (a tag before each), or in
/// several pieces: where they lie, merged into as few runs as possible.
/// </summary>
internal sealed class NumberRuns(int size)
{
    private const int MostRuns = 1024;

    private readonly List<NumberRun> _runs = [];

    public long Count { get; private set; }

    public void Add(WeightBytes file, WireField field)
    {
        if (field.Length % size != 0)
        {
            throw file.Error(field.Position, $"{field.Length:N0} bytes of packed numbers of {size} bytes each");
        }

        long count = field.Length / size;
        Count += count;
        if (count == 0 || (count == 1 && Extend(field.Position)))
        {
            return;
        }

        if (_runs.Count == MostRuns)
        {
            throw file.Error(field.Position, $"the numbers of one tensor come in more than {MostRuns} pieces");
        }

        _runs.Add(new NumberRun(field.Position, count, size));
    }

    /// <summary>The numbers as bytes one behind the other.</summary>
    public ByteRegion Region(WeightBytes file, long whereEmpty) => _runs switch
    {
        [] => new FileRegion(file, whereEmpty, 0),
        [{ Stride: var stride } run] when stride == size => new FileRegion(file, run.Position, run.Count * size),
        _ => new RunsRegion(file, size, [.. _runs]),
    };

    /// <summary>Adds an unpacked number to the run before it where it keeps that run's distance.</summary>
    private bool Extend(long position)
    {
        if (_runs.Count == 0)
        {
            return false;
        }

        NumberRun last = _runs[^1];
        long distance = position - (last.Position + ((last.Count - 1) * last.Stride));
        if (distance > 2 * size + 4 || (last.Count > 1 && distance != last.Stride))
        {
            return false;
        }

        _runs[^1] = last with { Count = last.Count + 1, Stride = (int)distance };
        return true;
    }
}

/// <summary>Numbers at a fixed distance from each other.</summary>
internal readonly record struct NumberRun(long Position, long Count, int Stride);

/// <summary>Runs of numbers, read as if they lay one behind the other.</summary>
internal sealed class RunsRegion(WeightBytes file, int size, NumberRun[] runs) : ByteRegion
{
    public override long Length => runs.Sum(run => run.Count) * size;

    public override bool IsRandomAccess => true;

    public override long FilePosition => runs[0].Position;

    public override WeightBytes File => file;

    /// <summary>Reads whole numbers: position and length are multiples of their size.</summary>
    public override void Read(long position, Span<byte> destination)
    {
        long first = position / size;
        foreach (NumberRun run in runs)
        {
            if (first < run.Count && destination.Length > 0)
            {
                int count = (int)Math.Min(run.Count - first, destination.Length / size);
                ReadRun(run with { Position = run.Position + (first * run.Stride) }, destination[..(count * size)]);
                destination = destination[(count * size)..];
                first = 0;
            }
            else
            {
                first -= run.Count;
            }
        }
    }

    private void ReadRun(NumberRun run, Span<byte> destination)
    {
        if (run.Stride == size)
        {
            file.Read(run.Position, destination);
            return;
        }

        Span<byte> window = stackalloc byte[4096];
        int most = ((window.Length - size) / run.Stride) + 1;
        long position = run.Position;
        while (destination.Length > 0)
        {
            int count = Math.Min(most, destination.Length / size);
            Span<byte> stored = window[..(((count - 1) * run.Stride) + size)];
            file.Read(position, stored);
            for (int i = 0; i < count; i++)
            {
                stored.Slice(i * run.Stride, size).CopyTo(destination[(i * size)..]);
            }

            destination = destination[(count * size)..];
            position += (long)count * run.Stride;
        }
    }
}
