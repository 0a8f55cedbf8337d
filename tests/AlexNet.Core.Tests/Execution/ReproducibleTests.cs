using AlexNetTF.Kernels;
using AlexNetTF.Tests.Kernels;
using NumSharp;

namespace AlexNetTF.Tests.Execution;

/// <summary>The same graph and input give the same bits, whoever computes and however much beside it.</summary>
public class ReproducibleTests
{
    private static readonly SmallNet s_net = new();
    private static readonly Lazy<float[]> s_expected = new(() => Run(new SessionOptions { Threads = 1 }, 32));

    [Test]
    public void ForAnyNumberOfThreads([Values(2, 3, 7, 0)] int threads) =>
        Variants.AssertSameBits(Run(new SessionOptions { Threads = threads }, 32), s_expected.Value, $"{threads} threads");

    [Test]
    public void ForAnyVectorWidth([Values(512, 256, 128)] int width)
    {
        float[] found = Variants.With((VectorWidth)width, () => Run(new SessionOptions(), 32));
        Variants.AssertSameBits(found, s_expected.Value, $"{(VectorWidth)width}");
    }

    [Test]
    public void ForAPictureAloneAndInBatches([Values(1, 2, 5, 13)] int batch) =>
        Variants.AssertSameBits(Run(new SessionOptions(), batch), s_expected.Value.AsSpan(0, batch * 10), $"batch of {batch}");

    [Test]
    public void WithoutFusions() =>
        Variants.AssertSameBits(Run(new SessionOptions { Fuse = false }, 32), s_expected.Value, "without fusions");

    [Test]
    public void ForEightCallersAtOnce()
    {
        const int Callers = 8, Runs = 12;
        using Session session = s_net.Open();
        var found = new float[Callers][];
        var threads = new Thread[Callers];
        for (int i = 0; i < Callers; i++)
        {
            int caller = i;
            threads[i] = new Thread(() =>
            {
                // Each caller with a batch size of its own, so that programs differ too.
                Feeds feeds = s_net.Feed(1 + caller);
                for (int run = 0; run < Runs; run++) found[caller] = session.Run(s_net.Probabilities, feeds).ToArray<float>();
            });
        }

        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        for (int i = 0; i < Callers; i++) Variants.AssertSameBits(found[i], s_expected.Value.AsSpan(0, (1 + i) * 10), $"caller {i}");
    }

    [Test]
    public void OnEveryRunOfARandomMask()
    {
        // The same seed, so the same masks, run after run.
        float[][] first = Masked(), second = Masked();
        for (int i = 0; i < first.Length; i++) Variants.AssertSameBits(second[i], first[i], $"run {i}");
        Assert.That(first[0], Is.Not.EqualTo(first[1]), "each run draws its own mask");
    }

    private static float[][] Masked()
    {
        var net = new SmallNet(seed: 7);
        using Session session = net.Open();
        return [.. Enumerable.Range(0, 3).Select(_ => session.Run(net.Probabilities, net.Feed(2, 0.5f)).ToArray<float>())];
    }

    private static float[] Run(SessionOptions options, int batch)
    {
        using Session session = s_net.Open(options);
        return session.Run(s_net.Probabilities, s_net.Feed(batch)).ToArray<float>();
    }
}
