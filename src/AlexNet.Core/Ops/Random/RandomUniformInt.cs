using AlexNetTF.Kernels;

namespace AlexNetTF;

/// <summary>Integers from a range: input 0 the shape, 1 the lower end, 2 the upper end, which is excluded.</summary>
internal sealed class RandomUniformIntOp((long Seed, long Seed2) seeds) : OpDef
{
    public override string Type => "RandomUniformInt";

    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.None("integers have no gradient");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tout", op.Inputs[1].DType);
        attributes.Add("seed", seeds.Seed);
        attributes.Add("seed2", seeds.Seed2);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        inputs.Require(0, [DType.Int32, DType.Int64]);
        inputs.SameType(1, 2);
        inputs.WithRank(1, 0);
        inputs.WithRank(2, 0);
        return [new(inputs.Require(1, [DType.Int32, DType.Int64]), inputs.ValueAsShape(0))];
    }

    public override Kernel CreateKernel(KernelSpec spec) => new IntegerKernel(RandomGenerator.Of(seeds), spec.Output(0).Type);

    private sealed unsafe class IntegerKernel(Philox random, DType type) : Kernel
    {
        public override void Run(KernelContext context)
        {
            long count = context.OutputInfo(0).Count;
            if (count == 0) return;
            ulong sample = context.AdvanceRandom((ulong)count * RandomSeeds.SamplesPerOutput);
            if (type == DType.Int32)
            {
                int low = context.Input<int>(1)[0], high = context.Input<int>(2)[0];
                RequireRange(context, low, high);
                RandomFill.UniformInt(random, sample, low, high, (int*)context.OutputPointer(0), count, context.Threads);
            }
            else
            {
                long low = context.Input<long>(1)[0], high = context.Input<long>(2)[0];
                RequireRange(context, low, high);
                RandomFill.UniformInt(random, sample, low, high, (long*)context.OutputPointer(0), count, context.Threads);
            }
        }

        private static void RequireRange(KernelContext context, long low, long high)
        {
            if (low >= high) throw context.Error($"the range from {low} to {high}, the latter excluded, holds no integer");
        }
    }
}
