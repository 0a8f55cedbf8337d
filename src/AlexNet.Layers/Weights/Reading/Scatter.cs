using System.Runtime.InteropServices;

namespace AlexNetTF.Weights;

/// <summary>Copies a block of floats from one set of strides to another.</summary>
internal static unsafe class Scatter
{
    private const int Tile = 16;

    public static void Copy(float* source, float* destination, CopyAxis[] axes)
    {
        int write = IndexOfSmallest(axes, static axis => axis.Destination);
        int read = IndexOfSmallest(axes, static axis => axis.Source);
        var outer = new List<CopyAxis>(axes);
        outer.RemoveAt(Math.Max(write, read));
        if (write != read)
        {
            outer.RemoveAt(Math.Min(write, read));
        }

        CopyAxis rows = write == read ? new CopyAxis(1, 0, 0) : axes[read];
        ForEach(outer, (s, d) => Transpose(source + s, destination + d, rows, axes[write]));
    }

    /// <summary>Calls <paramref name="visit"/> with the source and destination offset of every combination of steps.</summary>
    public static void ForEach(IReadOnlyList<CopyAxis> axes, Action<long, long> visit)
    {
        long combinations = 1;
        foreach (CopyAxis axis in axes)
        {
            combinations *= axis.Extent;
        }

        for (long index = 0; index < combinations; index++)
        {
            long rest = index, source = 0, destination = 0;
            for (int k = axes.Count - 1; k >= 0; k--)
            {
                (rest, long i) = Math.DivRem(rest, axes[k].Extent);
                source += i * axes[k].Source;
                destination += i * axes[k].Destination;
            }

            visit(source, destination);
        }
    }

    /// <summary>Tile by tile, so that the lines that are read and those that are written stay in the first-level cache.</summary>
    private static void Transpose(float* source, float* destination, CopyAxis rows, CopyAxis columns)
    {
        if (columns is { Source: 1, Destination: 1 })
        {
            CopyRows(source, destination, rows, columns.Extent);
            return;
        }

        for (long i0 = 0; i0 < rows.Extent; i0 += Tile)
        {
            long i1 = Math.Min(i0 + Tile, rows.Extent);
            for (long j0 = 0; j0 < columns.Extent; j0 += Tile)
            {
                long count = Math.Min(Tile, columns.Extent - j0);
                for (long i = i0; i < i1; i++)
                {
                    float* from = source + (i * rows.Source) + (j0 * columns.Source);
                    float* to = destination + (i * rows.Destination) + (j0 * columns.Destination);
                    CopyRow(from, columns.Source, to, columns.Destination, count);
                }
            }
        }
    }

    private static void CopyRows(float* source, float* destination, CopyAxis rows, long length)
    {
        for (long i = 0; i < rows.Extent; i++)
        {
            NativeMemory.Copy(source + (i * rows.Source), destination + (i * rows.Destination), (nuint)length * sizeof(float));
        }
    }

    private static void CopyRow(float* from, long fromStep, float* to, long toStep, long count)
    {
        for (long j = 0; j < count; j++)
        {
            to[j * toStep] = from[j * fromStep];
        }
    }

    private static int IndexOfSmallest(CopyAxis[] axes, Func<CopyAxis, long> key)
    {
        int best = 0;
        for (int k = 1; k < axes.Length; k++)
        {
            best = key(axes[k]) < key(axes[best]) ? k : best;
        }

        return best;
    }
}
