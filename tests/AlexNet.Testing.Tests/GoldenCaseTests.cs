namespace AlexNetTF.Testing.Tests;

[TestFixture]
public class GoldenCaseTests
{
    [TestCaseSource(typeof(GoldenCaseTests), nameof(Ops))]
    public void Every_op_case_reads_and_equals_itself(GoldenCase golden)
    {
        Assert.That(golden.Outputs.Count > 0, Is.Not.EqualTo(golden.ExpectError is not null), "a case has outputs or an expected error");
        Assert.That(golden.Inputs.Values.All(t => !t.IsSampled));
        foreach ((string name, GoldenTensor tensor) in golden.Outputs)
        {
            Tolerance tolerance = golden.ToleranceOf(name);
            Assert.That(tolerance.Bits, Is.Not.EqualTo(tensor.IsFloat));
            Assert.That(tolerance.Error, tensor.IsFloat ? Is.GreaterThanOrEqualTo(1e-6) : Is.Zero);
            if (!tensor.IsSampled && tensor.Data is float[] floats)
                tensor.AssertEqual(floats, tensor.Shape, Tolerance.Exact, name);
        }

        foreach ((string name, GoldenTensor? tensor) in golden.Gradients)
        {
            Assert.That(golden.Inputs.ContainsKey(name));
            if (tensor is not null)
                Assert.That(golden.ToleranceOfGradient(name).Error, Is.GreaterThanOrEqualTo(1e-6 * tensor.LargestMagnitude));
        }
    }

    [Test]
    public void The_rules_of_tolerance()
    {
        GoldenTensor small = GoldenTensor.Of<float>([0.5f, -0.25f], 2);
        GoldenTensor large = GoldenTensor.Of<float>([-200f, 3f, float.PositiveInfinity], 3);
        Assert.That(Tolerance.Float(small, 1e-5).Error, Is.EqualTo(8e-5 + 1e-6).Within(1e-18));
        Assert.That(Tolerance.Float(large, 0).Error, Is.EqualTo(2e-4).Within(1e-18));
        Assert.That(Tolerance.Winograd(large).Error, Is.EqualTo(2e-3).Within(1e-18));
    }

    [Test]
    public void A_missing_folder_is_one_skipped_case_and_an_empty_one_an_error()
    {
        TestCaseData[] absent = [.. Golden.Cases("no-such-folder")];
        Assert.That(absent, Has.Length.EqualTo(1));
        Assert.That(absent[0].RunState, Is.EqualTo(NUnit.Framework.Interfaces.RunState.Ignored));
        Assert.That(absent[0].Properties.Get("_SKIPREASON"), Does.Contain("no-such-folder"));
        Assert.That(() => Golden.Cases("ops", "*.no-such-kind"), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => Golden.Folder("no-such-folder"), Throws.TypeOf<IgnoreException>());
        Assert.That(() => Golden.FilePath("no-such-file"), Throws.TypeOf<IgnoreException>());
    }

    [Test]
    public void The_variable_names_another_set()
    {
        string? before = Environment.GetEnvironmentVariable(Golden.Variable);
        using var folder = new TempFolder();
        File.WriteAllText(folder["other/ops/one.json"], """{"case":"named inside","op":"relu","inputs":{},"outputs":{}}""");
        File.WriteAllText(folder["images/owl.png"], "");
        Environment.SetEnvironmentVariable(Golden.Variable, Path.Combine(folder.Path, "other"));
        try
        {
            Assert.That(Golden.IsForeignSet);
            Assert.That(Golden.Cases("ops").Select(c => ((GoldenCase)c.Arguments[0]!).Case), Is.EqualTo(new[] { "named inside" }));
            Assert.That(Golden.Photograph("owl"), Is.EqualTo(Path.Combine(folder.Path, "images", "owl.png")));
            Assert.That(() => Golden.Folder("random"), Throws.TypeOf<IgnoreException>());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Golden.Variable, before);
        }
    }

    [Test]
    public void Attributes_take_either_kind_of_number()
    {
        System.Text.Json.JsonElement attrs = System.Text.Json.JsonDocument.Parse("""{"a":2.0,"b":3,"c":[1,2.0],"d":null,"e":"x","f":0.1}""").RootElement;
        Assert.That(attrs.Int("a"), Is.EqualTo(2));
        Assert.That(attrs.Float("b"), Is.EqualTo(3f));
        Assert.That(attrs.Ints("c"), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(attrs.Has("d"), Is.False);
        Assert.That(attrs.LongOrNull("d"), Is.Null);
        Assert.That(attrs.Text("e"), Is.EqualTo("x"));
        Assert.That(attrs.Float("f"), Is.EqualTo(0.1f));
        Assert.That(() => attrs.Int("missing"), Throws.TypeOf<InvalidDataException>());
    }

    private static IEnumerable<TestCaseData> Ops() => Golden.Cases("ops");
}
