using AlexNetTF.Kernels;

namespace AlexNetTF.Weights;

/// <summary>Copies a block of floats from one set of strides to another.</summary>
internal static unsafe class Scatter
{
    public static void Copy(float* source, float* destination, CopyAxis[] axes)
    {
        CopyAxis[] ordered = [.. axes.OrderByDescending(axis => axis.Destination)];
        int[] extents = [.. ordered.Select(axis => checked((int)axis.Extent))];
        long[] from = [.. ordered.Select(axis => axis.Source)];
        long[] to = [.. ordered.Select(axis => axis.Destination)];
        new StridedCopy(sizeof(float), extents, from, to).Run((byte*)source, (byte*)destination, threads: 1);
    }

    /// <summary>Calls <paramref name="visit"/> with the source and destination offset of every combination of steps.</summary>
    public static void ForEach(CopyAxis[] axes, Action<long, long> visit)
    {
        long combinations = 1;
        foreach (CopyAxis axis in axes)
        {
            combinations *= axis.Extent;
        }

        for (long index = 0; index < combinations; index++)
        {
            long rest = index, source = 0, destination = 0;
            for (int k = axes.Length - 1; k >= 0; k--)
            {
                (rest, long i) = Math.DivRem(rest, axes[k].Extent);
                source += i * axes[k].Source;
                destination += i * axes[k].Destination;
            }

            visit(source, destination);
        }
    }
}
