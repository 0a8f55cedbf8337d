using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class RandomOps
{
    /// <summary>The rows (along dimension 0) in random order (<c>tf.random_shuffle</c>).</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="seed">The op's seed; see <see cref="Graph.SetRandomSeed"/>.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor RandomShuffle(Tensor value, long? seed = null, string? name = null) =>
        value.Graph.Add(new RandomShuffleOp(value.Graph.TakeSeeds(seed)), [value], name);
}

internal sealed class RandomShuffleOp((long Seed, long Seed2) seeds) : OpDef
{
    public override string Type => "RandomShuffle";

    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.NotDifferentiable("TensorFlow defines none for a shuffle; shuffle row numbers and gather by them");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("seed", seeds.Seed);
        attributes.Add("seed2", seeds.Seed2);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0]];

    public override Kernel CreateKernel(KernelSpec spec)
    {
        TensorInfo input = spec.Input(0);
        bool still = input.Rank == 0 || input.Dims[0] <= 1 || input.Count <= 1;
        return still ? Kernel.Alias() : new ShuffleKernel(RandomGenerator.Of(seeds), input.Dims[0], input.Bytes / input.Dims[0]);
    }

    // Row i changes places with row i + word mod (rows − i), for i from 0 to the last but one; word i is the generator's.
    private sealed unsafe class ShuffleKernel(Philox random, int rows, long rowBytes) : Kernel
    {
        public override long WorkspaceBytes => 2L * rows * sizeof(uint);

        public override void Run(KernelContext context)
        {
            Span<uint> scratch = context.Scratch<uint>(2 * rows);
            Span<uint> words = scratch[..(rows - 1)], order = scratch[rows..];
            ulong sample = context.AdvanceRandom((ulong)((rows - 1 + 3) / 4));
            fixed (uint* to = words) RandomFill.Words(random, sample, to, words.Length, context.Threads);
            for (int i = 0; i < rows; i++) order[i] = (uint)i;
            for (int i = 0; i < rows - 1; i++)
            {
                int other = i + (int)(words[i] % (uint)(rows - i));
                (order[i], order[other]) = (order[other], order[i]);
            }

            byte* from = (byte*)context.InputPointer(0), result = (byte*)context.OutputPointer(0);
            for (int i = 0; i < rows; i++) Buffer.MemoryCopy(from + (order[i] * rowBytes), result + (i * rowBytes), rowBytes, rowBytes);
        }
    }
}
