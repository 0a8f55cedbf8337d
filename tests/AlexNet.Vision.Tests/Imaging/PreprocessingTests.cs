namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>The record, its JSON and what it refuses.</summary>
public class PreprocessingTests
{
    private static readonly Preprocessing[] All =
    [
        Preprocessing.Bvlc,
        Preprocessing.Article,
        Preprocessing.Torchvision,
        new()
        {
            Width = 31, Height = 17, Resize = ResizeMode.Stretch, ResizeTo = 64, Kernel = ResizeKernel.TensorFlowBilinear, Channels = ChannelOrder.Rgb,
            Divisor = 127.5f, Mean = new(103.939, 116.779, 123.68), Std = new(0.1, 1 / 3.0, 2), Alpha = AlphaHandling.OverWhite, AutoOrient = false,
        },
    ];

    [TestCaseSource(nameof(All))]
    public void SurvivesJson(Preprocessing preprocessing) =>
        Assert.That(Preprocessing.FromJson(preprocessing.ToJson()), Is.EqualTo(preprocessing));

    [Test]
    public void JsonIsReadable() => Assert.That(
        Preprocessing.Bvlc.ToJson(),
        Is.EqualTo("""{"width":227,"height":227,"resize":"Stretch","resizeTo":0,"kernel":"OpenCvLinear","channels":"Bgr","divisor":1,"mean":[104,117,124],"std":[1,1,1],"alpha":"Drop","autoOrient":true}"""));

    [TestCase("""{"width":227,"hight":3}""", "hight")]
    [TestCase("""{"mean":[1,2]}""", "three numbers")]
    [TestCase("""{"mean":[1,2,3,4]}""", "three numbers")]
    [TestCase("""{"mean":104}""", "three numbers")]
    [TestCase("""{"channels":"Brg"}""", "channels")]
    [TestCase("null", "null")]
    [TestCase("{", "JSON")]
    [TestCase("""{"width":0}""", "0×227")]
    public void WrongJsonIsRefused(string json, string message) =>
        Assert.That(Assert.Throws<AlexNetException>(() => Preprocessing.FromJson(json))!.Message, Does.Contain(message));

    [Test]
    public void ValuesOutOfRangeAreNamed()
    {
        (Preprocessing Wrong, string Property)[] cases =
        [
            (new() { Width = 0 }, "Width × Height"),
            (new() { Height = 100_000 }, "Width × Height"),
            (new() { ResizeTo = 226 }, "ResizeTo"),
            (new() { ResizeTo = -1 }, "ResizeTo"),
            (new() { Divisor = 0 }, "Divisor"),
            (new() { Mean = new(0, double.NaN, 0) }, "Mean"),
            (new() { Std = new(1, 1, 0) }, "Std"),
            (new() { Kernel = (ResizeKernel)9 }, "Kernel"),
            (new() { Resize = (ResizeMode)9 }, "Resize"),
            (new() { Channels = (ChannelOrder)9 }, "Channels"),
            (new() { Alpha = (AlphaHandling)9 }, "Alpha"),
        ];
        foreach ((Preprocessing wrong, string property) in cases)
            Assert.That(Loading.Fails<AlexNetException>(new byte[] { 1 }, wrong).Message, Does.StartWith($"Preprocessing.{property} is "));
    }

    [Test]
    public void WhatJsonLeavesOutHasItsDefault() =>
        Assert.That(Preprocessing.FromJson("""{"mean":[104,117,124]}"""), Is.EqualTo(Preprocessing.Bvlc));

    [TestCase("bvlc")]
    [TestCase("Article")]
    [TestCase("TORCHVISION")]
    public void PresetsHaveNames(string name) => Assert.That(All, Has.Member(Preprocessing.FromName(name)));

    [Test]
    public void AnUnknownPresetIsRefused() =>
        Assert.That(Assert.Throws<AlexNetException>(() => Preprocessing.FromName("caffe"))!.Message, Does.Contain("\"caffe\"").And.Contain("torchvision"));
}
