using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AlexNetTF.Imaging;

/// <summary>The last step of the preprocessing: brightness and contrast, then (pixel / divisor − mean) / deviation in float32, in the wanted channel order.</summary>
internal readonly struct PixelWriter
{
    private readonly Vector128<float> divisor;
    private readonly Vector128<float> mean;
    private readonly Vector256<double> exactMean;
    private readonly Vector128<float> std;
    private readonly Vector128<float> gain;
    private readonly Vector128<float> offset;
    private readonly bool tones;
    private readonly bool swap;
    private readonly bool divides;
    private readonly bool deviates;
    private readonly bool meanIsDouble;

    internal PixelWriter(Preprocessing preprocessing, ImageJitter jitter)
    {
        tones = jitter.ChangesTone;
        gain = Vector128.Create(jitter.Gain);
        offset = Vector128.Create(jitter.Offset);
        divisor = Vector128.Create(preprocessing.Divisor);
        mean = Vector(preprocessing.Mean, 0);
        exactMean = Vector256.Create(preprocessing.Mean.First, preprocessing.Mean.Second, preprocessing.Mean.Third, 0);
        std = Vector(preprocessing.Std, 1);
        swap = preprocessing.Channels == ChannelOrder.Rgb;
        divides = preprocessing.Divisor != 1;
        // A difference of two float32 numbers rounds to the same float32 in either precision.
        meanIsDouble = Vector256.Create(Vector128.Widen(mean).Lower, Vector128.Widen(mean).Upper) != exactMean;
        deviates = preprocessing.Std != ChannelValues.All(1);
    }

    /// <summary>Writes a row of pixels, three floats each.</summary>
    /// <param name="pixels">Blue, green, red and anything, as floats.</param>
    /// <param name="destination">At least three floats a pixel; not one more is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void WriteRow(ReadOnlySpan<Vector128<float>> pixels, Span<float> destination)
    {
        destination = destination[..(3 * pixels.Length)];
        ref float to = ref MemoryMarshal.GetReference(destination);
        for (int x = 0; x < pixels.Length - 1; x++)
        {
            // The fourth float lies on the next pixel, which is written next.
            Normalize(pixels[x]).StoreUnsafe(ref Unsafe.Add(ref to, 3 * x));
        }

        Vector128<float> last = Normalize(pixels[^1]);
        Span<float> end = destination[(3 * (pixels.Length - 1))..];
        (end[0], end[1], end[2]) = (last[0], last[1], last[2]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<float> Normalize(Vector128<float> pixel)
    {
        if (tones)
            pixel = Vector128.Min(Vector128.Max((pixel * gain) + offset, Vector128<float>.Zero), Vector128.Create(255f));
        if (swap)
            pixel = Vector128.Shuffle(pixel, Vector128.Create(2, 1, 0, 3));
        if (divides)
            pixel /= divisor;
        pixel = meanIsDouble ? SubtractExactMean(pixel) : pixel - mean;
        return deviates ? pixel / std : pixel;
    }

    private Vector128<float> SubtractExactMean(Vector128<float> pixel)
    {
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(pixel);
        return Vector128.Narrow(lower - exactMean.GetLower(), upper - exactMean.GetUpper());
    }

    private static Vector128<float> Vector(ChannelValues values, float fourth) =>
        Vector128.Create((float)values.First, (float)values.Second, (float)values.Third, fourth);
}
