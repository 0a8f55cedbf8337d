using AlexNetTF.TensorFlow;
using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>Counts of values in TensorFlow's buckets.</summary>
internal sealed class HistogramSummaryOp : SummaryOp
{
    public override string Type => "HistogramSummary";

    protected override void Check(InferenceContext inputs) => inputs.WithRank(0, 0);

    protected override void Fill(SummaryProto summary, KernelContext context)
    {
        var histogram = new HistogramBuilder();
        if (Count(histogram, context) is >= 0 and var position)
        {
            throw context.Error($"the histogram \"{Tag(context)}\" takes finite numbers; number {position} is {Number(context, position)}");
        }

        summary.Value.Add(new SummaryProto.Types.Value { Tag = Tag(context), Histo = histogram.ToProto() });
    }

    private static int Count(HistogramBuilder histogram, KernelContext context) => context.InputInfo(1).Type switch
    {
        DType.Float32 => histogram.Add(context.Input<float>(1)),
        DType.Float64 => histogram.Add(context.Input<double>(1)),
        DType.Int32 => histogram.Add(context.Input<int>(1)),
        DType.Int64 => histogram.Add(context.Input<long>(1)),
        DType.UInt8 => histogram.Add(context.Input<byte>(1)),
        DType.Int16 => histogram.Add<int>(Array.ConvertAll(context.Input<short>(1).ToArray(), value => (int)value)),
        _ => histogram.Add<int>(Array.ConvertAll(context.Input<sbyte>(1).ToArray(), value => (int)value)),
    };
}
