using SummaryProto = AlexNetTF.TensorFlow.Protos.Summary;

namespace AlexNetTF;

/// <summary>Numbers of curves, as many as there are tags.</summary>
internal sealed class ScalarSummaryOp : SummaryOp
{
    public override string Type => "ScalarSummary";

    protected override void Check(InferenceContext inputs)
    {
        if (!inputs[0].Shape.IsCompatibleWith(inputs[1].Shape)) throw inputs.Error("there must be as many tags as numbers, in the same shape");
    }

    protected override void Fill(SummaryProto summary, KernelContext context)
    {
        for (int i = 0; i < context.InputInfo(0).Count; i++)
        {
            summary.Value.Add(new SummaryProto.Types.Value { Tag = Tag(context, i), SimpleValue = (float)Number(context, i) });
        }
    }
}
