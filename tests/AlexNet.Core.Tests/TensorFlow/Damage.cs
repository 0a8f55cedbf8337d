namespace AlexNetTF.Tests.Formats;

/// <summary>A file's bytes with one byte changed, or cut short: what a reader must refuse or read well.</summary>
internal static class Damage
{
    private const long MostBytesPerAttempt = 16 << 20;

    /// <summary>Every byte changed in three ways, and every shorter length.</summary>
    public static IEnumerable<(string What, byte[] Bytes)> Variants(byte[] original)
    {
        for (int at = 0; at < original.Length; at++)
        {
            foreach (byte change in (byte[])[0x01, 0x80, 0xff])
            {
                var changed = (byte[])original.Clone();
                changed[at] ^= change;
                yield return ($"byte {at} ^ {change:x2}", changed);
            }
        }

        for (int length = 0; length < original.Length; length++) yield return ($"cut to {length}", original[..length]);
    }

    /// <summary>Runs a reader; true where it read, false where it refused. Any other error, or much memory, fails the test.</summary>
    public static bool Reads(string what, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool done = false;
        try
        {
            read();
            done = true;
        }
        catch (Exception error)
        {
            Assert.That(error, Is.InstanceOf<AlexNetException>(), what);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostBytesPerAttempt), what);
        return done;
    }
}
