using System.Runtime.CompilerServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// How an optimizer changes one element of a variable w and of its slots a and b by a gradient g. Every operation rounds
/// on its own (no fused multiply-add), as TensorFlow's kernels do, so results are equal to theirs.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>How many slots the rule has.</summary>
    static abstract int Slots { get; }

    static abstract void Apply<V>(ref V w, ref V a, ref V b, V g, in UpdateNumbers p)
        where V : struct, ISimd<V>;

    static abstract void Apply(ref double w, ref double a, ref double b, double g, in UpdateNumbers p);
}

/// <summary>The numbers of an update: rates and decays, in the rule's own order.</summary>
internal struct UpdateNumbers
{
    public double First, Second, Third, Fourth, Fifth;
}

/// <summary>Applies a rule to all elements, by fixed blocks.</summary>
internal static unsafe class VariableUpdate
{
    private const int BlockElements = 1 << 16;

    public static void Run<TRule>(float* w, float* a, float* b, float* g, long count, in UpdateNumbers numbers, int threads)
        where TRule : struct, IUpdateRule =>
        Workers.ForSimd(threads, checked((int)((count + BlockElements - 1) / BlockElements)), new Block<TRule> { W = w, A = a, B = b, G = g, Count = count, Numbers = numbers });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRule>(double* w, double* a, double* b, double* g, long count, in UpdateNumbers numbers)
        where TRule : struct, IUpdateRule
    {
        double none = 0;
        for (long i = 0; i < count; i++)
        {
            TRule.Apply(ref w[i], ref TRule.Slots > 0 ? ref a[i] : ref none, ref TRule.Slots > 1 ? ref b[i] : ref none, g[i], numbers);
        }
    }

    private struct Block<TRule> : ISimdBlock
        where TRule : struct, IUpdateRule
    {
        public float* W, A, B, G;
        public long Count;
        public UpdateNumbers Numbers;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>(int block)
            where V : struct, ISimd<V>
        {
            long i = (long)block * BlockElements, end = Math.Min(Count, i + BlockElements);
            for (; i + V.Width <= end; i += V.Width) Step<V>(W + i, A + i, B + i, G + i);
            if (i < end) Rest<V>(i, (int)(end - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Step<V>(float* w, float* a, float* b, float* g)
            where V : struct, ISimd<V>
        {
            V value = V.Load(w), first = TRule.Slots > 0 ? V.Load(a) : V.Zero, second = TRule.Slots > 1 ? V.Load(b) : V.Zero;
            TRule.Apply(ref value, ref first, ref second, V.Load(g), Numbers);
            V.Store(value, w);
            if (TRule.Slots > 0) V.Store(first, a);
            if (TRule.Slots > 1) V.Store(second, b);
        }

        // The last elements in a vector of their own, filled up with zeros.
        private readonly void Rest<V>(long start, int count)
            where V : struct, ISimd<V>
        {
            float* parts = stackalloc float[4 * V.Width];
            new Span<float>(parts, 4 * V.Width).Clear();
            Copy(W + start, parts, count);
            if (TRule.Slots > 0) Copy(A + start, parts + V.Width, count);
            if (TRule.Slots > 1) Copy(B + start, parts + (2 * V.Width), count);
            Copy(G + start, parts + (3 * V.Width), count);
            Step<V>(parts, parts + V.Width, parts + (2 * V.Width), parts + (3 * V.Width));
            Copy(parts, W + start, count);
            if (TRule.Slots > 0) Copy(parts + V.Width, A + start, count);
            if (TRule.Slots > 1) Copy(parts + (2 * V.Width), B + start, count);
        }

        private static void Copy(float* from, float* to, int count) => new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));
    }
}
