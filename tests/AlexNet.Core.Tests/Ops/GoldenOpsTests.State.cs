using AlexNetTF.Testing;

namespace AlexNetTF.Tests.Ops;

/// <content>One step of each optimizer kernel, bit for bit.</content>
public partial class GoldenOpsTests
{
    static partial void AddState(GoldenTable table)
    {
        table.Add("ApplyGradientDescent", g => Apply(g, "var"), GoldenRule.Exact);
        table.Add("ApplyMomentum", g => Apply(g, "var", "accum"), GoldenRule.Exact);
        table.Add("ApplyAdam", g => Apply(g, "var", "m", "v"), GoldenRule.Exact);
        table.Add("ApplyRMSProp", g => Apply(g, "var", "ms", "mom"));
        table.Add("ApplyCenteredRMSProp", g => Apply(g, "var", "mg", "ms", "mom"));
        table.Add("ApplyAdagrad", g => Apply(g, "var", "accum"));
    }

    private static void Apply(GoldenGraph g, params string[] variables)
    {
        Tensor[] v = [.. variables.Select(g.Variable)];
        Tensor grad = g["grad"];
        bool nesterov = g.Attrs.Bool("use_nesterov", false);
        Tensor step = g.Case.Op switch
        {
            "ApplyGradientDescent" => StateOps.ApplyGradientDescent(v[0], Number("lr"), grad),
            "ApplyMomentum" => StateOps.ApplyMomentum(v[0], v[1], Number("lr"), grad, Number("momentum"), nesterov),
            "ApplyAdam" => StateOps.ApplyAdam(v[0], v[1], v[2], Number("beta1_power"), Number("beta2_power"), Number("lr"), Number("beta1"), Number("beta2"), Number("epsilon"), grad, nesterov),
            "ApplyRMSProp" => StateOps.ApplyRMSProp(v[0], v[1], v[2], Number("lr"), Number("rho"), Number("momentum"), Number("epsilon"), grad),
            "ApplyCenteredRMSProp" => StateOps.ApplyCenteredRMSProp(v[0], v[1], v[2], v[3], Number("lr"), Number("rho"), Number("momentum"), Number("epsilon"), grad),
            _ => StateOps.ApplyAdagrad(v[0], v[1], Number("lr"), grad),
        };
        g.Step(step.Op);
        for (int i = 0; i < v.Length; i++) g.Output(variables[i], ArrayOps.Identity(v[i]));

        Tensor Number(string name) => g.Graph.Constant(TensorData.Scalar(g.Attrs.Float(name)), name);
    }
}
