using Shortline.Client.Tool;
using Shortline.Hosting.Start;

StandardOutput.Use();
return await ToolProgram.RunAsync(args, Console.In, Console.Out, Console.Error);
