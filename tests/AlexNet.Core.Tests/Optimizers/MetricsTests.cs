using NumSharp;

namespace AlexNetTF.Tests.Optimizers;

/// <summary>Metrics count examples: batches of any size give what one batch of all would; names are TensorFlow 1.15's.</summary>
public class MetricsTests
{
    [Test]
    public void AccuracyCountsExamples()
    {
        var graph = new Graph();
        Tensor labels = graph.Placeholder(DType.Int64, new Shape((int?)null), "labels"), answers = graph.Placeholder(DType.Int32, new Shape(null, 1), "answers");
        Metric accuracy = Metrics.Accuracy(labels, answers);
        using var session = new Session(graph);
        session.Run(graph.LocalVariablesInitializer());
        Assert.That(session.Run(accuracy.Value).GetSingle(), Is.Zero, "nothing counted is no error");

        var random = new Random(1);
        int right = 0, count = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (int size in (int[])[7, 7, 3, 0, 1])
            {
                long[] truth = [.. Enumerable.Range(0, size).Select(_ => (long)random.Next(3))];
                int[] given = [.. truth.Select(label => random.Next(2) == 0 ? (int)label : random.Next(3))];
                right += truth.Zip(given).Count(pair => pair.First == pair.Second);
                count += size;
                NDArray rows = given;
                float now = session.Run(accuracy.Update, new Feeds { [labels] = truth, [answers] = rows.reshape(size, 1) }).GetSingle();
                Assert.That(now, Is.EqualTo(right / (float)count));
                Assert.That(session.Run(accuracy.Value).GetSingle(), Is.EqualTo(now));
            }

            session.Run(graph.LocalVariablesInitializer());
            right = count = 0;
        }
    }

    [Test]
    public void NodesAreTensorFlows()
    {
        var graph = new Graph();
        Tensor labels = graph.Placeholder(DType.Int64, new Shape((int?)null), "labels"), answers = graph.Placeholder(DType.Int64, new Shape((int?)null), "answers");
        Metric accuracy = Metrics.Accuracy(labels, answers);
        Metric again = Metrics.Accuracy(labels, answers);

        string[] expected =
        [
            "Equal Equal", "Cast Cast",
            "accuracy/total/Initializer/zeros Const", "accuracy/total VariableV2", "accuracy/total/Assign Assign", "accuracy/total/read Identity",
            "accuracy/count/Initializer/zeros Const", "accuracy/count VariableV2", "accuracy/count/Assign Assign", "accuracy/count/read Identity",
            "accuracy/Size Size", "accuracy/Cast Cast", "accuracy/Const Const", "accuracy/Sum Sum", "accuracy/AssignAdd AssignAdd", "accuracy/AssignAdd_1 AssignAdd",
            "accuracy/Maximum/y Const", "accuracy/Maximum Maximum", "accuracy/value DivNoNan", "accuracy/Maximum_1/y Const", "accuracy/Maximum_1 Maximum", "accuracy/update_op DivNoNan",
        ];
        Assert.Multiple(() =>
        {
            Assert.That(graph.Operations.Skip(2).Take(expected.Length).Select(op => $"{op.Name} {op.Def.Type}"), Is.EqualTo(expected));
            Assert.That(graph.LocalVariables().Select(variable => variable.Op.Name), Is.EqualTo(new[] { "accuracy/total", "accuracy/count", "accuracy_1/total", "accuracy_1/count" }));
            Assert.That(graph.GlobalVariables(), Is.Empty);
            Assert.That(graph.GetCollection(GraphKeys.MetricVariables), Has.Count.EqualTo(4));
            Assert.That(graph.Operations.Single(op => op.Name == "accuracy/AssignAdd_1").ControlInputs.Select(op => op.Name), Is.EqualTo(new[] { "Cast" }));
            Assert.That((accuracy.Value.Op.Name, accuracy.Update.Op.Name), Is.EqualTo(("accuracy/value", "accuracy/update_op")));
            Assert.That(again.Value.Op.Name, Is.EqualTo("accuracy_1/value"));
        });
    }

    [Test]
    public void OtherShapesAreRefused()
    {
        var graph = new Graph();
        Tensor labels = graph.Placeholder(DType.Int64, new Shape(3), "labels"), answers = graph.Placeholder(DType.Int64, new Shape(4), "answers");
        Assert.That(() => Metrics.Accuracy(labels, answers), Throws.TypeOf<GraphException>().With.Message.Contains("[3]").And.Message.Contains("[4]"));
    }
}
