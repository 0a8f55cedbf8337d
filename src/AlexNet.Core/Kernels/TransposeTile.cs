using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AlexNetTF.Kernels;

/// <summary>Transposes a matrix that fits the first-level cache; elements of four bytes four by four in registers.</summary>
internal static unsafe class TransposeTile
{
    private const int Side = 4;

    /// <summary>Element (r, c) goes from source[c·step + r] to target[r·step + c].</summary>
    /// <param name="source">Columns, each of <paramref name="height"/> elements that lie together.</param>
    /// <param name="sourceStep">Bytes from one column to the next.</param>
    /// <param name="target">Rows, each of <paramref name="width"/> elements that lie together.</param>
    /// <param name="targetStep">Bytes from one row to the next.</param>
    /// <param name="width">Number of columns.</param>
    /// <param name="height">Number of rows.</param>
    public static void Run<T>(byte* source, long sourceStep, byte* target, long targetStep, int width, int height)
        where T : unmanaged
    {
        int done = 0;
        if (sizeof(T) == sizeof(float) && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            int inner = height / Side * Side;
            for (; done + Side <= width; done += Side)
            {
                byte* from = source + (done * sourceStep), to = target + (done * sizeof(T));
                for (int r = 0; r < inner; r += Side) Square(from + (r * sizeof(T)), sourceStep, to + (r * targetStep), targetStep);
                Plain<T>(from + (inner * sizeof(T)), sourceStep, to + (inner * targetStep), targetStep, Side, height - inner);
            }
        }

        Plain<T>(source + (done * sourceStep), sourceStep, target + (done * sizeof(T)), targetStep, width - done, height);
    }

    private static void Plain<T>(byte* source, long sourceStep, byte* target, long targetStep, int width, int height)
        where T : unmanaged
    {
        for (int r = 0; r < height; r++)
        {
            byte* from = source + (r * sizeof(T));
            T* row = (T*)(target + (r * targetStep));
            for (int c = 0; c < width; c++)
            {
                row[c] = *(T*)from;
                from += sourceStep;
            }
        }
    }

    // Two rounds of interleaving turn four columns into four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(byte* source, long sourceStep, byte* target, long targetStep)
    {
        Vector128<float> a = Vector128.Load((float*)source), b = Vector128.Load((float*)(source + sourceStep));
        Vector128<float> c = Vector128.Load((float*)(source + (2 * sourceStep))), d = Vector128.Load((float*)(source + (3 * sourceStep)));
        Vector128<float> acLow = Low(a, c), acHigh = High(a, c), bdLow = Low(b, d), bdHigh = High(b, d);
        Low(acLow, bdLow).Store((float*)target);
        High(acLow, bdLow).Store((float*)(target + targetStep));
        Low(acHigh, bdHigh).Store((float*)(target + (2 * targetStep)));
        High(acHigh, bdHigh).Store((float*)(target + (3 * targetStep)));
    }

    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
