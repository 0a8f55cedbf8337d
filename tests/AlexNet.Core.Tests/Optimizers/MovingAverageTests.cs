using NumSharp;

namespace AlexNetTF.Tests.Optimizers;

/// <summary>Moving averages against their formula in double, with TensorFlow 1.15's names.</summary>
public class MovingAverageTests
{
    [Test]
    public void ShadowsFollowTheFormula([Values] bool counts, [Values(DType.Float32, DType.Float64)] DType type)
    {
        var graph = new Graph();
        Variable v = graph.Variable(4.0, "v", type: type);
        Variable step = graph.GlobalStep();
        Tensor train = v.Assign(v.Value * 0.5);
        var average = counts ? new ExponentialMovingAverage(0.9f, step) : new ExponentialMovingAverage(0.9f);
        Operation update;
        using (graph.ControlDependencies(train.Op))
        {
            update = average.Apply([v]);
        }

        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());
        double value = 4, expected = 4;
        for (int n = 0; n < 20; n++)
        {
            step.Load(NDArray.Scalar((long)n), session);
            session.Run(update);
            value *= 0.5;
            double decay = counts ? Math.Min(0.9f, (1.0 + n) / (10.0 + n)) : 0.9f;
            expected -= (1 - decay) * (expected - value);
            Assert.That(Convert.ToDouble(session.Run(average.Average(v)!.Value).GetAtIndex(0)), Is.EqualTo(expected).Within(1e-6), $"update {n}");
        }
    }

    [Test]
    public void NodesAreTensorFlows()
    {
        var graph = new Graph();
        Variable v = graph.GetVariable("conv1/v", new Shape(2)), w = graph.GetVariable("w", new Shape(3));
        var average = new ExponentialMovingAverage(0.9f, graph.GlobalStep());
        int before = graph.Operations.Count;
        Operation update = average.Apply(graph: graph);

        const string Scope = "ExponentialMovingAverage";
        string[] expected =
        [
            $"conv1/v/{Scope} VariableV2", $"conv1/v/{Scope}/Assign Assign", $"conv1/v/{Scope}/read Identity",
            $"w/{Scope} VariableV2", $"w/{Scope}/Assign Assign", $"w/{Scope}/read Identity",
            $"{Scope}/decay Const", $"{Scope}/num_updates Cast", $"{Scope}/add/x Const", $"{Scope}/add AddV2", $"{Scope}/add_1/x Const", $"{Scope}/add_1 AddV2",
            $"{Scope}/truediv RealDiv", $"{Scope}/Minimum Minimum",
            $"{Scope}/AssignMovingAvg/sub/x Const", $"{Scope}/AssignMovingAvg/sub Sub", $"{Scope}/AssignMovingAvg/sub_1 Sub", $"{Scope}/AssignMovingAvg/mul Mul", $"{Scope}/AssignMovingAvg AssignSub",
            $"{Scope}/AssignMovingAvg_1/sub/x Const", $"{Scope}/AssignMovingAvg_1/sub Sub", $"{Scope}/AssignMovingAvg_1/sub_1 Sub", $"{Scope}/AssignMovingAvg_1/mul Mul", $"{Scope}/AssignMovingAvg_1 AssignSub",
            $"{Scope} NoOp",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(graph.Operations.Skip(before).Select(op => $"{op.Name} {op.Def.Type}"), Is.EqualTo(expected));
            Assert.That(update.Name, Is.EqualTo(Scope));
            Assert.That(average.AverageName(v), Is.EqualTo($"conv1/v/{Scope}"));
            Assert.That(average.Average(v)!.Trainable, Is.False);
            Assert.That(graph.GetCollection(GraphKeys.MovingAverageVariables), Is.EqualTo(new[] { v, w }));
            Assert.That(graph.Operations.Single(op => op.Name == $"{Scope}/AssignMovingAvg/mul").ColocatedWith, Is.EqualTo(new[] { "conv1/v" }));
        });
    }

    [Test]
    public void AShadowStartsWithTheVariablesOwnRandomValue()
    {
        var graph = new Graph();
        Variable v = graph.GetVariable("v", new Shape(7, 5));
        var average = new ExponentialMovingAverage(0.9f);
        average.Apply([v]);
        using var session = new Session(graph);
        session.Run(graph.GlobalVariablesInitializer());

        Assert.That(session.Run(average.Average(v)!.Value).ToArray<float>(), Is.EqualTo(session.Run(v.Value).ToArray<float>()));
    }

    [Test]
    public void WholeNumbersAreRefused()
    {
        var graph = new Graph();
        Assert.That(() => new ExponentialMovingAverage(0.9f).Apply([graph.GlobalStep()]), Throws.TypeOf<GraphException>().With.Message.Contains("global_step"));
    }
}
