global using System.Buffers;
global using Shortline.Balancing;
global using Shortline.GrainInterfaces;
global using Shortline.Hosting;
global using Shortline.Protocol;
