using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Shortline.Hosting.Start;

/// <summary>Standard output of programs whose output is their purpose: they end when nobody takes it any more.</summary>
internal static class StandardOutput
{
    /// <summary>Has <see cref="Console.Out"/> write to it. Call it before anything is written. Windows keeps the output of .NET.</summary>
    public static void Use()
    {
        if (!OperatingSystem.IsWindows())
            Console.SetOut(new StreamWriter(Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
    }

    /// <summary>Opens it for bytes.</summary>
    public static Stream Open() =>
        OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new OutputStream(new SafeFileHandle(1, ownsHandle: false));
}
